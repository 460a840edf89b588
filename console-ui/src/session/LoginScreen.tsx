import { Center, Paper, Stack, Text, Title } from '@mantine/core'
import { LoginForm } from './LoginForm'

export function LoginScreen() {
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" w="100%" maw={400}>
        <Stack>
          <Title order={1} size="h2">
            Drizzle
          </Title>
          <Text c="dimmed">Log in to the console.</Text>
          <LoginForm />
        </Stack>
      </Paper>
    </Center>
  )
}
