import { expect, test } from 'vitest'
import { eventsOf } from './live'

const text = 'event: limits\ndata: [{"limit":"ünï"}]\n\nid: 3\r\nevent: away\r\ndata: {"topic":"limits",\r\ndata: "detail":"gone"}\r\n\r\n: a comment\n\ndata: 1\n\nevent: cut\ndata: off'

function stream(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })
}

test.each([1, 2, 3, 7, 1000])('events are read however their bytes come, %i at a time', async (size) => {
  const events = []
  for await (const event of eventsOf(stream(new TextEncoder().encode(text), size))) events.push(event)
  expect(events).toEqual([
    { name: 'limits', data: '[{"limit":"ünï"}]' },
    { name: 'away', data: '{"topic":"limits",\n"detail":"gone"}' },
    { name: 'message', data: '1' },
  ])
})
