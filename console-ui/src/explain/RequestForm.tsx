import { Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { api, data, Problem, type Schemas } from '../api/client'
import { Failure } from '../ui/States'
import { useAttempt } from '../ui/useAttempt'
import { Told } from './Told'

interface Props {
  tenant: string
  /** To be tried in the place of the stored ones of their names, or beside the others. */
  policies?: Schemas['Policy'][]
  verb: string
}

/** A request that is asked about, and the answer. */
export function RequestForm({ tenant, policies, verb }: Props) {
  const [method, setMethod] = useState<string>('GET')
  const [url, setUrl] = useState(`/${tenant}/`)
  const [headers, setHeaders] = useState('')
  const [address, setAddress] = useState('')
  const [told, setTold] = useState<Schemas['Explanation']>()
  const { error, isBusy, attempt } = useAttempt()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await attempt(async () => {
      const body = { method, url, address: address || undefined, headers: headersOf(headers), policies } as unknown as Schemas['ExplainRequest']
      setTold(await data(api.POST('/v1/tenants/{tenant}/explain', { params: { path: { tenant } }, body })))
    })
  }
  return (
    <>
      <form onSubmit={(event) => void submit(event)}>
        <Stack maw={760}>
          <Group align="end" gap="sm" wrap="nowrap">
            <Select label="Method" w={120} data={['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']} allowDeselect={false} value={method} onChange={(m) => setMethod(m ?? 'GET')} />
            <TextInput label="URL" required style={{ flex: 1 }} value={url} onChange={(e) => setUrl(e.currentTarget.value)} spellCheck={false} />
          </Group>
          <Textarea label="Headers" description="One in each line, such as X-API-Key: drz_…; credentials are judged, and not kept" autosize minRows={2} value={headers} onChange={(e) => setHeaders(e.currentTarget.value)} spellCheck={false} autoComplete="off" />
          <Group align="end" gap="sm">
            <TextInput label="Client address" placeholder="127.0.0.1" value={address} onChange={(e) => setAddress(e.currentTarget.value)} />
            <Button type="submit" loading={isBusy}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
      <Stack mt="lg" aria-live="polite">
        {error && <Failure error={error instanceof Problem && error.errors.length > 0 ? new Problem(error.status, error.title, error.errors.map((e) => `${e.path}: ${e.message}`).join(' ')) : error} />}
        {told && <Told told={told} />}
      </Stack>
    </>
  )
}

/** Lines such as `Name: value`. */
export function headersOf(text: string): Schemas['ExplainHeader'][] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length > 0)
    .map((line) => {
      const colon = line.indexOf(':')
      return colon < 0 ? { name: line, value: '' } : { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }
    })
}
