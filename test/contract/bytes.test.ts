// Bytes by URL and the direct client: addresses carry numbers only, methods and parameters are checked, errors keep
// their words.

import { describe, expect, it } from 'vitest'
import { createBytesClient, type Fetch } from '../../src/contract/client-bytes.ts'
import { createDirectClient } from '../../src/contract/direct.ts'
import { ServiceError } from '../../src/contract/errors.ts'
import { answerBytes } from '../../src/contract/server-bytes.ts'
import { fakeService, type FakeParts } from './fake-service.ts'

/** fetch answered by `answerBytes` itself, so that both ends are tested against each other. */
function fetchFrom(parts: FakeParts): Fetch {
  return async (address, init) => {
    const url = new URL(address)
    const name = url.pathname.replace('/bytes/', '')
    const answer = await answerBytes(fakeService(parts), {
      method: init?.method ?? 'GET',
      name,
      query: [...url.searchParams],
      body: async () => init!.body,
    })
    const body =
      answer.status === 200
        ? answer.bytes
        : new TextEncoder().encode('error' in answer ? JSON.stringify(answer.error) : '')
    return new Response(answer.status === 204 ? null : new Uint8Array(body), { status: answer.status })
  }
}

function ask(parts: FakeParts, name: string, query: Record<string, string>, method = 'GET') {
  return answerBytes(fakeService(parts), {
    method,
    name,
    query: Object.entries(query),
    body: async () => new Uint8Array([1]),
  })
}

describe('bytes by URL', () => {
  it('reach the service with numbers as numbers and text as text', async () => {
    const seen: unknown[] = []
    const client = createBytesClient(
      'http://host',
      fetchFrom({ get: (name, params) => (seen.push([name, params]), { bytes: new Uint8Array([1, 2, 3]) }) }),
    )
    expect([...(await client.getBytes('pixels', { runId: 2, from: 0, count: 64 }))]).toEqual([1, 2, 3])
    await client.getBytes('export', { exportId: '12' })
    expect(seen).toEqual([
      ['pixels', { runId: 2, from: 0, count: 64 }],
      ['export', { exportId: '12' }],
    ])
  })

  it('leave out what is not said', async () => {
    const seen: unknown[] = []
    const client = createBytesClient(
      'http://host',
      fetchFrom({ get: (_name, params) => (seen.push(params), { bytes: new Uint8Array() }) }),
    )
    const preview = { photoId: 1, recipe: '{}', seed: 2, tile: 96 }
    await client.getBytes('augmentationPreview', { ...preview, fit: undefined })
    await client.getBytes('augmentationPreview', { ...preview, fit: 'letterbox' })
    expect(seen).toEqual([preview, { ...preview, fit: 'letterbox' }])
  })

  it('are written with PUT', async () => {
    const seen: unknown[] = []
    const client = createBytesClient(
      'http://host',
      fetchFrom({ put: (name, params, body) => void seen.push([name, params, [...body]]) }),
    )
    await client.putBytes('checkpoint', { runId: 1, kind: 'best' }, new Uint8Array([7, 8]))
    expect(seen).toEqual([['checkpoint', { runId: 1, kind: 'best' }, [7, 8]]])
  })

  it('bring the words of an error across', async () => {
    const client = createBytesClient(
      'http://host',
      fetchFrom({
        get: () => {
          throw new ServiceError('photo-missing', 'Photo 5 is gone.', 'Import it again.')
        },
      }),
    )
    await expect(client.getBytes('photo', { photoId: 5 })).rejects.toMatchObject({
      code: 'photo-missing',
      message: 'Photo 5 is gone.',
      fix: 'Import it again.',
    })
  })

  it('say "disconnected" when nothing answers', async () => {
    const client = createBytesClient('http://host', () => Promise.reject(new TypeError('fetch failed')))
    await expect(client.getBytes('photo', { photoId: 5 })).rejects.toMatchObject({ code: 'disconnected' })
  })

  it.each([
    ['photo', { photoId: '../../etc/passwd' }, 'GET', 400],
    ['photo', { photoId: '1e3' }, 'GET', 400],
    ['photo', { photoId: '-1.5' }, 'GET', 400],
    ['photo', {}, 'GET', 400],
    ['checkpoint', { runId: '1', kind: 'worst' }, 'GET', 400],
    ['photo', { photoId: '1' }, 'PUT', 405],
    ['photo', { photoId: '1' }, 'DELETE', 405],
    ['__proto__', { photoId: '1' }, 'GET', 404],
    ['../photo', { photoId: '1' }, 'GET', 404],
  ])('answer %s %j by %s with %i', async (name, query, method, status) => {
    expect(await ask({ put: () => {} }, name, query as Record<string, string>, method)).toMatchObject({ status })
  })

  it('never carry a type that a browser would run', async () => {
    expect(
      await ask({ get: () => ({ bytes: new Uint8Array(), type: 'text/html' }) }, 'photo', { photoId: '1' }),
    ).toMatchObject({ status: 200, type: 'application/octet-stream' })
    expect(
      await ask({ get: () => ({ bytes: new Uint8Array(), type: 'image/svg+xml' }) }, 'photo', { photoId: '1' }),
    ).toMatchObject({ type: 'application/octet-stream' })
    for (const type of ['image/png', 'image/apng'])
      expect(await ask({ get: () => ({ bytes: new Uint8Array(), type }) }, 'photo', { photoId: '1' })).toMatchObject({
        type,
      })
  })

  it('answer an unforeseen error with 500 and a sentence', async () => {
    expect(
      await ask(
        {
          get: () => {
            throw new RangeError('boom')
          },
        },
        'photo',
        { photoId: '1' },
      ),
    ).toMatchObject({ status: 500, error: { code: 'internal', message: 'boom' } })
  })
})

describe('the direct client', () => {
  it('checks parameters as the wire does', async () => {
    const client = createDirectClient(fakeService({ request: (_, params) => params }))
    expect(await client.request('photos.get', { photoId: 4 })).toEqual({ photoId: 4 })
    await expect(client.request('photos.get', { photoId: 'x' } as never)).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('turns any thrown value into a ServiceError and keeps the cause', async () => {
    const cause = new TypeError('odd')
    const client = createDirectClient(
      fakeService({
        request: () => {
          throw cause
        },
      }),
    )
    await expect(client.request('runs.list', {})).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'internal',
      message: 'odd',
      cause,
    })
  })

  it('has no addresses', () => {
    expect(() => createDirectClient(fakeService({})).url('photo', { photoId: 1 })).toThrow(ServiceError)
  })

  it('refuses to write what is read only', async () => {
    await expect(
      createDirectClient(fakeService({})).putBytes('checkpoint', { runId: 1, kind: 'last' }, new Uint8Array()),
    ).rejects.toMatchObject({ code: 'bad-request' })
  })
})
