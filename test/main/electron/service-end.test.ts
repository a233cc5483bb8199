// The service's end: what the main process says reaches the service, pages talk over their own ports, training is
// noticed.

import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createClient } from '../../../src/contract/client.ts'
import { serveParent } from '../../../src/main/electron/service-end.ts'
import type { FromService } from '../../../src/main/electron/service-messages.ts'
import { watchTraining } from '../../../src/main/electron/training-watch.ts'
import { fakeService, type FakeParts } from '../../contract/fake-service.ts'
import { FakeChannel } from './fake-electron.ts'

/** Turns of the event loop: each lets in what the ports have, however busy the machine is. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
}

function start(parts: FakeParts) {
  const said: FromService[] = []
  const parent = Object.assign(new EventEmitter(), { postMessage: (message: FromService) => void said.push(message) })
  serveParent(parent as never, { ...fakeService(parts), grantFolder: async path => `id of ${path}` })
  const tell = (data: unknown, ports: unknown[] = []) => parent.emit('message', { data, ports })
  return { said, tell }
}

function connect(tell: (data: unknown, ports: unknown[]) => void) {
  const { port1, port2 } = new FakeChannel()
  tell({ kind: 'connect' }, [port1])
  const client = createClient(
    {
      send: frame => port2.postMessage(frame),
      onMessage: listener => void port2.on('message', ({ data }) => listener(data)),
    },
    {} as never,
  )
  return { client, port: port2, serverPort: port1 }
}

describe('serveParent', () => {
  it('lets each page talk over its own port, and ends its calls with the port', async () => {
    let signal: AbortSignal | undefined
    const { tell } = start({
      request: (name, _, given) => (name === 'runs.list' ? ((signal = given), new Promise(() => {})) : { name }),
    })
    const one = connect(tell)
    const two = connect(tell)
    expect(await two.client.request('jobs.list', {})).toEqual({ name: 'jobs.list' })
    expect(one.serverPort.started).toBe(true)
    one.client.request('runs.list', {}).catch(() => {})
    await settled()
    one.port.close()
    expect(signal?.aborted).toBe(true)
    expect(await two.client.request('jobs.list', {})).toEqual({ name: 'jobs.list' })
  })

  it('makes folders known to the page, and answers by number', async () => {
    const { said, tell } = start({})
    tell({ kind: 'grant', id: 3, path: '/home/me/birds' })
    await settled()
    expect(said).toEqual([{ kind: 'granted', id: 3, folderId: 'id of /home/me/birds' }])
  })

  it('answers questions for bytes by their number', async () => {
    const { said, tell } = start({ get: () => ({ bytes: new Uint8Array([9]) }) })
    tell({
      kind: 'bytes',
      id: 4,
      question: { method: 'GET', name: 'photo', query: [['photoId', '1']], body: new Uint8Array() },
    })
    tell({
      kind: 'bytes',
      id: 5,
      question: { method: 'GET', name: 'photo', query: [['photoId', 'x']], body: new Uint8Array() },
    })
    await settled()
    expect(said.toSorted((a, b) => (a as { id: number }).id - (b as { id: number }).id)).toMatchObject([
      { id: 4, answer: { status: 200, bytes: new Uint8Array([9]) } },
      { id: 5, answer: { status: 400 } },
    ])
  })

  it('closes the service when told to, and says so', async () => {
    const { said, tell } = start({})
    tell({ kind: 'close' })
    await settled()
    expect(said).toEqual([{ kind: 'closed' }])
  })
})

describe('watchTraining', () => {
  const event = (type: string) => ({ type }) as never
  const never = new AbortController().signal

  it('hears the first run begin and the last one end', async () => {
    const heard: boolean[] = []
    const service = watchTraining(fakeService({}), training => heard.push(training))
    await service.requests['runs.append']({ runId: 1, events: [event('started'), event('step')] }, never)
    await service.requests['runs.append']({ runId: 2, events: [event('started')] }, never)
    await service.requests['runs.append']({ runId: 1, events: [event('ended')] }, never)
    expect(heard).toEqual([true])
    await service.requests['runs.finish']({ runId: 2, state: 'failed', summary: null, error: null }, never)
    expect(heard).toEqual([true, false])
  })

  it('does not take a refused event for a beginning', async () => {
    const heard: boolean[] = []
    const service = watchTraining(
      fakeService({
        request: () => {
          throw new Error('refused')
        },
      }),
      training => heard.push(training),
    )
    await Promise.resolve(service.requests['runs.append']({ runId: 1, events: [event('started')] }, never)).catch(
      () => {},
    )
    expect(heard).toEqual([])
  })
})
