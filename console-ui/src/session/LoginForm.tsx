import { Alert, Button, PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useSession } from './session'
import { useAttempt } from '../ui/useAttempt'

/** Comes in by user and password, or by a token. */
export function LoginForm() {
  const { login, loginByToken } = useSession()
  const [way, setWay] = useState('user')
  const [tenant, setTenant] = useState('')
  const [name, setName] = useState('')
  const [secret, setSecret] = useState('')
  const { error, isBusy, attempt } = useAttempt()

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await attempt(() => (way === 'token' ? loginByToken(secret.trim()) : login({ tenant: tenant.trim() || undefined, name: name.trim(), password: secret })))
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <SegmentedControl
          fullWidth
          aria-label="Way to log in"
          value={way}
          onChange={(next) => {
            setWay(next)
            setSecret('')
          }}
          data={[
            { value: 'user', label: 'User' },
            { value: 'token', label: 'Token' },
          ]}
        />
        {way === 'user' ? (
          <>
            <TextInput label="Tenant" description="Empty for a user of the platform" value={tenant} onChange={(e) => setTenant(e.currentTarget.value)} autoComplete="organization" />
            <TextInput label="Name" required value={name} onChange={(e) => setName(e.currentTarget.value)} autoComplete="username" />
            <PasswordInput label="Password" required value={secret} onChange={(e) => setSecret(e.currentTarget.value)} autoComplete="current-password" />
          </>
        ) : (
          <PasswordInput
            label="Token"
            description="Such as the root token, in root.token of the data folder; kept until this tab is closed"
            required
            value={secret}
            onChange={(e) => setSecret(e.currentTarget.value)}
            autoComplete="off"
          />
        )}
        {error && (
          <Alert color="red" variant="outline" role="alert">
            {error.message}
          </Alert>
        )}
        <Button type="submit" loading={isBusy}>
          Log in
        </Button>
      </Stack>
    </form>
  )
}
