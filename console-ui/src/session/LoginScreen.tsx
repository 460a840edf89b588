import { Anchor, Center, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, data } from '../api/client'
import { LoginForm } from './LoginForm'
import { RegistrationForm } from './RegistrationForm'

export function LoginScreen() {
  const registration = useQuery({ queryKey: ['registration'], queryFn: () => data(api.GET('/v1/registration')), staleTime: Infinity })
  const [isNew, setNew] = useState(false)
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" w="100%" maw={400}>
        <Stack>
          <Title order={1} size="h2">
            Drizzle
          </Title>
          <Text c="dimmed">{isNew ? 'Register a tenant of your own.' : 'Log in to the console.'}</Text>
          {isNew ? <RegistrationForm /> : <LoginForm />}
          {registration.data?.open && (
            <Anchor component="button" type="button" size="sm" underline="always" onClick={() => setNew(!isNew)}>
              {isNew ? 'Log in instead' : 'Register a tenant'}
            </Anchor>
          )}
        </Stack>
      </Paper>
    </Center>
  )
}
