// A client that outlives its connection: it opens another, subscribes anew, lets new requests wait, and fails those
// that were under way.

import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ServiceError } from '../../../src/contract/errors.ts'
import { createReconnecting } from '../../../src/renderer/api/reconnecting.ts'
import type { Wire } from '../../../src/renderer/api/wire.ts'

interface Sent {
  kind: string
  id: number
  name: string
}

function network() {
  const wires: { sent: Sent[]; answer(frame: unknown): void; end(refused?: boolean): void }[] = []
  const states: string[] = []
  let up = true
  const open = async (): Promise<Wire> => {
    if (!up) throw new Error('nobody there')
    let listener = (_frame: unknown) => {}
    let onClose = (_refused: boolean) => {}
    const sent: Sent[] = []
    wires.push({ sent, answer: frame => listener(frame), end: (refused = false) => onClose(refused) })
    return {
      port: {
        send: frame => void sent.push(frame as Sent),
        onMessage: next => {
          listener = next
        },
      },
      onClose: next => {
        onClose = next
      },
      close: () => {},
    }
  }
  const bytes = {
    getBytes: () => Promise.reject(new Error()),
    putBytes: () => Promise.reject(new Error()),
    url: () => '',
  }
  const client = createReconnecting({ open, bytes, onState: state => states.push(state), pause: () => 1 })
  return {
    client,
    wires,
    states,
    setUp: (next: boolean) => {
      up = next
    },
  }
}
const soon = (ms = 15) => new Promise(resolve => setTimeout(resolve, ms))

afterEach(() => void vi.useRealTimers())

describe('a reconnecting client', () => {
  it('subscribes anew on the next connection and goes on delivering', async () => {
    const { client, wires, states } = network()
    const items: unknown[] = []
    client.subscribe('library', {}, item => items.push(item))
    await soon()
    wires[0]!.answer({ kind: 'item', id: wires[0]!.sent[0]!.id, value: { revision: 1 } })
    wires[0]!.end()
    await soon()
    expect(wires[1]!.sent.map(frame => frame.name)).toEqual(['library'])
    wires[1]!.answer({ kind: 'item', id: wires[1]!.sent[0]!.id, value: { revision: 2 } })
    expect(items).toEqual([{ revision: 1 }, { revision: 2 }])
    expect(states).toEqual(['open', 'lost', 'open'])
    client.close()
  })

  it('fails what was under way, since it may have been done or not', async () => {
    const { client, wires } = network()
    await soon()
    const asked = client.request('jobs.list', {})
    await soon()
    wires[0]!.end()
    await expect(asked).rejects.toMatchObject({ code: 'disconnected' })
    client.close()
  })

  it('lets a new request wait for the connection', async () => {
    const { client, wires, setUp } = network()
    await soon()
    setUp(false)
    wires[0]!.end()
    const asked = client.request('jobs.list', {})
    await soon()
    setUp(true)
    await soon()
    wires[1]!.answer({ kind: 'result', id: wires[1]!.sent[0]!.id, value: [] })
    await expect(asked).resolves.toEqual([])
    client.close()
  })

  it('lets it wait ten seconds and no longer, nor after it was closed', async () => {
    vi.useFakeTimers()
    const { client, wires, setUp } = network()
    await vi.advanceTimersByTimeAsync(0)
    setUp(false)
    wires[0]!.end()
    const failure = () =>
      client.request('jobs.list', {}).then(
        () => null,
        (error: ServiceError) => error.code,
      )
    const late = failure()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await late).toBe('connection-lost')
    const closed = failure()
    client.close()
    expect(await closed).toBe('connection-lost')
  })

  it('does not come back where it was refused', async () => {
    const { client, wires, states } = network()
    await soon()
    wires[0]!.end(true)
    await soon()
    expect([wires.length, states.at(-1)]).toEqual([1, 'refused'])
    client.close()
  })

  it('stops a subscription for good', async () => {
    const { client, wires } = network()
    const stop = client.subscribe('jobs', {}, () => {})
    await soon()
    stop()
    wires[0]!.end()
    await soon()
    expect(wires[1]!.sent).toEqual([])
    client.close()
  })
})
