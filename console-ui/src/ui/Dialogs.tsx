import { Drawer, Group, Modal } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  title: ReactNode
  close: () => void
  children: ReactNode
  size?: 'md' | 'lg'
  /** Whether a click beside it closes it. */
  closesOutside?: boolean
}

/** A question or a form over the screen. Mantine's own head is a landmark, of which a page has one. */
export function Dialog({ title, close, children, size = 'md', closesOutside = true }: Props) {
  return (
    <Modal.Root opened onClose={close} size={size} closeOnClickOutside={closesOutside}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body pt="md">
          <Group justify="space-between" align="start" wrap="nowrap" mb="md">
            <Modal.Title fw={600}>{title}</Modal.Title>
            <Modal.CloseButton aria-label="Close" />
          </Group>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** One object beside its list. */
export function Sheet({ title, close, children }: Props) {
  return (
    <Drawer.Root opened onClose={close} position="right" size="lg">
      <Drawer.Overlay />
      <Drawer.Content>
        <Drawer.Body pt="md">
          <Group justify="space-between" align="start" wrap="nowrap" mb="md">
            <Drawer.Title fw={600}>{title}</Drawer.Title>
            <Drawer.CloseButton aria-label="Close" />
          </Group>
          {children}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
