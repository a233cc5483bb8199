// The wire from both ends: rules W1 to W3 of contract/wire.ts, and that nothing sent to a server makes it throw.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClient } from '../../src/contract/client.ts'
import { ServiceError } from '../../src/contract/errors.ts'
import { serve } from '../../src/contract/server.ts'
import type { Port } from '../../src/contract/wire.ts'
import { fakeService, type FakeParts } from './fake-service.ts'

const noBytes = {} as never

/** Two ports back to back; frames go through JSON, as on a socket, and arrive later, as everywhere. */
function pair() {
  const listeners: ((frame: unknown) => void)[][] = [[], []]
  const sent: unknown[][] = [[], []]
  const end = (own: 0 | 1): Port => ({
    send(frame) {
      const copy: unknown = JSON.parse(JSON.stringify(frame))
      sent[own]!.push(copy)
      queueMicrotask(() => listeners[1 - own]!.forEach(listener => listener(copy)))
    },
    onMessage: listener => void listeners[own]!.push(listener),
  })
  return { page: end(0), server: end(1), fromServer: sent[1]!, fromPage: sent[0]! }
}

function connect(parts: FakeParts, onStreamError?: (error: ServiceError) => void) {
  const ports = pair()
  const server = serve(ports.server, fakeService(parts))
  const client = createClient(ports.page, noBytes, onStreamError ? { onStreamError } : {})
  return { ...ports, serverEnd: server, client }
}

/** Turns of the event loop: each lets in what the ports have, however busy the machine is. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
}

describe('calls', () => {
  it('answer with what the service answers, and pass checked parameters', async () => {
    const { client } = connect({ request: (name, params) => ({ name, params }) })
    expect(await client.request('jobs.cancel', { jobId: 3, extra: 'dropped' } as never)).toEqual({
      name: 'jobs.cancel',
      params: { jobId: 3 },
    })
  })

  it('fail with the code, sentence and fix that the service threw', async () => {
    const { client } = connect({
      request: () => {
        throw new ServiceError('photo-missing', 'There is no photo 7.', 'Reload.')
      },
    })
    await expect(client.request('photos.get', { photoId: 7 })).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'photo-missing',
      message: 'There is no photo 7.',
      fix: 'Reload.',
    })
  })

  it('refuse parameters outside the bounds without asking the service', async () => {
    const asked: string[] = []
    const { client } = connect({ request: name => asked.push(name) })
    await expect(
      client.request('photos.page', { filter: {}, sort: 'name', offset: 0, limit: 5000 }),
    ).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining('"limit"') })
    await expect(client.request('photos.label', { selection: { ids: [] }, classId: 1 })).rejects.toMatchObject({
      code: 'bad-request',
    })
    expect(asked).toEqual([])
  })

  it.each(['constructor', '__proto__', 'toString', 'photos', ''])('refuse the name %j', async name => {
    const { client } = connect({})
    await expect(client.request(name as never, {} as never)).rejects.toMatchObject({ code: 'unknown-name' })
  })

  it('are aborted in the service when the caller aborts, and answer nothing more (W1)', async () => {
    let seen: AbortSignal | undefined
    const { client, fromServer } = connect({
      request: (_, __, signal) => {
        seen = signal
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
      },
    })
    const abort = new AbortController()
    const call = client.request('runs.list', {}, abort.signal)
    await settled()
    abort.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    await settled()
    expect(seen?.aborted).toBe(true)
    expect(fromServer).toEqual([])
  })

  it('keep their own answers when they overlap', async () => {
    const { client } = connect({
      request: async (_, params) => {
        const { jobId } = params as { jobId: number }
        await new Promise(resolve => setTimeout(resolve, 10 - jobId))
        return { jobId }
      },
    })
    const answers = await Promise.all([1, 5, 9].map(jobId => client.request('jobs.pause', { jobId })))
    expect(answers).toEqual([{ jobId: 1 }, { jobId: 5 }, { jobId: 9 }])
  })

  it('fail with "disconnected" when the port goes away', async () => {
    const { client } = connect({ request: () => new Promise(() => {}) })
    const call = client.request('runs.list', {})
    client.close()
    await expect(call).rejects.toMatchObject({ code: 'disconnected' })
    await expect(client.request('runs.list', {})).rejects.toMatchObject({ code: 'disconnected' })
  })

  it('are aborted when the host says that the port went away', async () => {
    let seen: AbortSignal | undefined
    const { client, serverEnd } = connect({ request: (_, __, signal) => ((seen = signal), new Promise(() => {})) })
    client.request('runs.list', {}).catch(() => {})
    await settled()
    serverEnd.close()
    expect(seen?.aborted).toBe(true)
  })

  it('are bounded: the thousand and first at once is refused', async () => {
    const { client } = connect({ request: () => new Promise(() => {}) })
    for (let call = 0; call < 1000; call++) client.request('runs.list', {}).catch(() => {})
    await expect(client.request('runs.list', {})).rejects.toMatchObject({ code: 'too-many-calls' })
  })
})

describe('subscriptions', () => {
  it('give items in order until they are ended (W2)', async () => {
    let emit: (item: unknown) => void = () => {}
    let stopped = 0
    const { client } = connect({ stream: (_, __, give) => ((emit = give), () => void stopped++) })
    const items: unknown[] = []
    const end = client.subscribe('library', {}, item => items.push(item))
    await settled()
    emit({ revision: 1 })
    emit({ revision: 2 })
    await settled()
    end()
    await settled()
    emit({ revision: 3 })
    await settled()
    expect(items).toEqual([{ revision: 1 }, { revision: 2 }])
    expect(stopped).toBe(1)
  })

  it('give what is emitted while subscribing', async () => {
    const { client } = connect({ stream: (_, __, emit) => (emit({ revision: 9 }), () => {}) })
    const items: unknown[] = []
    client.subscribe('library', {}, item => items.push(item))
    await settled()
    expect(items).toEqual([{ revision: 9 }])
  })

  it('report an error once, then stay silent', async () => {
    const errors: ServiceError[] = []
    const { client } = connect(
      {
        stream: () => {
          throw new ServiceError('run-missing', 'There is no run 4.', 'Reload.')
        },
      },
      error => errors.push(error),
    )
    client.subscribe('run', { runId: 4 }, () => {})
    await settled()
    expect(errors.map(({ code }) => code)).toEqual(['run-missing'])
  })

  it('end when the port goes away', async () => {
    let stopped = 0
    const { client, serverEnd } = connect({ stream: () => () => void stopped++ })
    client.subscribe('jobs', {}, () => {})
    client.subscribe('library', {}, () => {})
    await settled()
    serverEnd.close()
    expect(stopped).toBe(2)
  })
})

describe('garbage', () => {
  const looksLikeAFrame = fc.record(
    {
      kind: fc.oneof(fc.constantFrom('call', 'cancel', 'subscribe', 'unsubscribe', 'result'), fc.string()),
      id: fc.oneof(fc.nat(5), fc.double(), fc.string()),
      name: fc.oneof(
        fc.constantFrom('photos.page', 'runs.append', 'library', 'run', '__proto__', 'photos.label'),
        fc.string(),
      ),
      params: fc.anything(),
    },
    { requiredKeys: [] },
  )

  it('never throws out of the server, and every answer names a number that was sent (W3)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.anything(), looksLikeAFrame), { maxLength: 20 }), async frames => {
        const answers: { id: number }[] = []
        let take: (frame: unknown) => void = () => {}
        const server = serve(
          { send: frame => answers.push(frame as { id: number }), onMessage: listener => void (take = listener) },
          fakeService({}),
        )
        for (const frame of frames) take(frame)
        await Promise.resolve()
        const numbers = frames.map(frame => (frame as { id?: unknown } | null | undefined)?.id)
        for (const { id } of answers) expect(numbers).toContain(id)
        server.close()
      }),
      { numRuns: 300 },
    )
  })

  it('never throws out of the client', () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), frames => {
        let take: (frame: unknown) => void = () => {}
        createClient({ send: () => {}, onMessage: listener => void (take = listener) }, noBytes)
        for (const frame of frames) take(frame)
      }),
      { numRuns: 200 },
    )
  })
})
