// Rules G1 to G4 of the loopback guard, one by one.

import { describe, expect, it } from 'vitest'
import { refusalOf, type RequestFacts, type Identity } from '../../../../src/main/hosts/loopback/guard.ts'

const identity: Identity = { port: 4000, token: 'the-token', session: 'the-session' }
const good = { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000', cookie: 'winnow-4000=the-session' }

function status(asked: Partial<RequestFacts> & { headers?: Record<string, string | undefined> }): number | null {
  const full: RequestFacts = { purpose: 'bytes', method: 'GET', ...asked, headers: { ...good, ...asked.headers } }
  return refusalOf(full, identity)?.status ?? null
}

describe('the page itself', () => {
  it('may ask for everything', () => {
    expect(status({})).toBeNull()
    expect(status({ method: 'PUT' })).toBeNull()
    expect(status({ purpose: 'wire' })).toBeNull()
    expect(status({ purpose: 'session' })).toBeNull()
    expect(status({ headers: { host: 'localhost:4000', origin: 'http://localhost:4000' } })).toBeNull()
  })

  it('may load its files and its pictures without an Origin', () => {
    expect(status({ purpose: 'file', headers: { origin: undefined, cookie: undefined } })).toBeNull()
    expect(status({ headers: { origin: undefined } })).toBeNull()
  })
})

describe('G1: the Host', () => {
  it.each([
    'evil.example:4000',
    '127.0.0.1:4001',
    '127.0.0.1',
    'localhost',
    '127.0.0.1:4000.evil.example',
    '',
    undefined,
  ])('%s is refused', host => {
    expect(status({ purpose: 'file', headers: { host, origin: undefined } })).toBe(421)
  })
})

describe('G2: the Origin', () => {
  it.each([
    'http://evil.example',
    'null',
    'https://127.0.0.1:4000',
    'http://127.0.0.1:4001',
    'http://localhost:4000',
    'http://127.0.0.1:4000.evil.example',
    '',
  ])('%s is refused', origin => {
    expect(status({ headers: { origin } })).toBe(403)
  })

  it('must be there for a write and for a socket', () => {
    expect(status({ method: 'PUT', headers: { origin: undefined } })).toBe(403)
    expect(status({ purpose: 'wire', headers: { origin: undefined } })).toBe(403)
    expect(
      status({ purpose: 'session', method: 'POST', headers: { origin: undefined, authorization: 'Bearer the-token' } }),
    ).toBe(403)
  })
})

describe('G3: Sec-Fetch-Site', () => {
  it.each(['cross-site', 'same-site'])('%s is refused, pictures included', site => {
    expect(status({ headers: { origin: undefined, 'sec-fetch-site': site } })).toBe(403)
  })
  it.each(['same-origin', 'none'])('%s may go on', site => {
    expect(status({ headers: { 'sec-fetch-site': site } })).toBeNull()
  })
})

describe('G4: the session', () => {
  it.each([
    undefined,
    '',
    'winnow-4000=',
    'winnow-4000=the-sessionx',
    'winnow-4001=the-session',
    'other=the-session',
    'the-session',
  ])('the cookie %s is refused', cookie => {
    for (const purpose of ['bytes', 'wire', 'session'] as const)
      expect(status({ purpose, headers: { cookie } })).toBe(401)
  })

  it('is found among other cookies', () => {
    expect(status({ headers: { cookie: 'a=b; winnow-4000=the-session; c=d' } })).toBeNull()
  })

  it('is given for the token and for nothing else', () => {
    const exchange = (authorization?: string) =>
      status({ purpose: 'session', method: 'POST', headers: { cookie: undefined, authorization } })
    expect(exchange('Bearer the-token')).toBeNull()
    for (const wrong of [
      undefined,
      '',
      'Bearer ',
      'Bearer the-session',
      'the-token',
      'bearer the-token',
      'Bearer the-token ',
    ])
      expect(exchange(wrong)).toBe(401)
  })

  it('does not accept the token in place of the cookie', () => {
    expect(status({ headers: { cookie: undefined, authorization: 'Bearer the-token' } })).toBe(401)
  })
})
