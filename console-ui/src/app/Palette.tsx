import { Modal, NavLink, ScrollArea, Text, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState, type KeyboardEvent } from 'react'
import type { Schemas } from '../api/client'
import { kindNames, kinds, type Item } from '../kinds/kinds'
import { placesOf, platformPlaces } from './places'

interface Found {
  label: string
  about: string
  to: string
  search?: { open: string }
}

const most = 50

/** ⌘K finds screens, tenants and objects, of what the browser has seen already. */
export function Palette({ tenant, isPlatform }: { tenant: string | undefined; isPlatform: boolean }) {
  const [isOpen, setOpen] = useState(false)
  useHotkeys([['mod+K', () => setOpen(true)]], [])
  return isOpen ? <Opened tenant={tenant} isPlatform={isPlatform} close={() => setOpen(false)} /> : null
}

function Opened({ tenant, isPlatform, close }: { tenant: string | undefined; isPlatform: boolean; close: () => void }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const all = useMemo<Found[]>(() => {
    const tenants = queries.getQueryData<Schemas['TenantSummary'][]>(['tenants']) ?? []
    const objects = tenant === undefined ? [] : kindNames.flatMap((kind) => (queries.getQueryData<Item[]>(['tenant', tenant, kind]) ?? []).map((item) => ({ label: String(item[kinds[kind].id]), about: kinds[kind].one, to: `/t/${encodeURIComponent(tenant)}/${kind}`, search: { open: String(item[kinds[kind].id]) } })))
    const screens = [...(tenant === undefined ? [] : placesOf(tenant)), ...(isPlatform ? platformPlaces : [])]
    return [...screens.map((p) => ({ ...p, about: 'screen' })), ...tenants.map((t) => ({ label: t.slug, about: 'tenant', to: `/t/${encodeURIComponent(t.slug)}` })), ...objects]
  }, [queries, tenant, isPlatform])
  const wanted = text.trim().toLowerCase()
  const found = all.filter((f) => f.label.toLowerCase().includes(wanted) || f.about.includes(wanted)).slice(0, most)
  const go = (to: Found | undefined) => {
    if (!to) return
    close()
    void navigate({ to: to.to, search: to.search ?? {} } as never)
  }
  const move = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(found[active])
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    setActive((active + step + found.length) % Math.max(found.length, 1))
  }
  return (
    <Modal opened onClose={close} withCloseButton={false} title="Find" padding="sm" aria-label="Find anything">
      <TextInput
        data-autofocus
        aria-label="Find anything"
        placeholder="A screen, a tenant, an object"
        value={text}
        onChange={(e) => {
          setText(e.currentTarget.value)
          setActive(0)
        }}
        onKeyDown={move}
      />
      <ScrollArea.Autosize mah={360} mt="sm">
        {found.map((f, i) => (
          <NavLink key={`${f.to}/${f.label}/${f.about}`} component="button" active={i === active} label={<span dir="auto">{f.label}</span>} description={f.about} onClick={() => go(f)} />
        ))}
        {found.length === 0 && <Text c="dimmed">Nothing is called that.</Text>}
      </ScrollArea.Autosize>
    </Modal>
  )
}
