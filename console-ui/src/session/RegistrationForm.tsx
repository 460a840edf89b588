import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { Problem } from '../api/client'
import { Failure } from '../ui/States'
import { useAttempt } from '../ui/useAttempt'
import { useSession } from './session'

/** A tenant and its first user, where anybody may make one. */
export function RegistrationForm() {
  const { register } = useSession()
  const { error, isBusy, attempt } = useAttempt()
  const [tenant, setTenant] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const errorAt = (path: string) => (error instanceof Problem ? error.errors.filter((e) => e.path === path).map((e) => e.message).join(' ') || undefined : undefined)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await attempt(() => register({ tenant: tenant.trim(), name: name.trim(), password }))
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        {error && <Failure error={error} />}
        <TextInput label="Tenant" required description="Its name in URLs: lower-case letters, digits and hyphens" value={tenant} onChange={(e) => setTenant(e.currentTarget.value)} error={errorAt('tenant')} />
        <TextInput label="Name" required description="Yours; an address of mail will do" value={name} onChange={(e) => setName(e.currentTarget.value)} error={errorAt('name')} autoComplete="username" />
        <PasswordInput label="Password" required description="At least 12 characters" value={password} onChange={(e) => setPassword(e.currentTarget.value)} error={errorAt('password')} autoComplete="new-password" />
        <Button type="submit" loading={isBusy}>
          Register
        </Button>
      </Stack>
    </form>
  )
}
