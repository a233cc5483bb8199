// Who may talk to the loopback server. Pure, so that every rule has its test:
//   G1 Host must be this server's own name: a foreign name that was made to resolve to 127.0.0.1 (DNS rebinding) is refused
//   G2 Origin, when there is one, must be this server: another site's page is refused; a write and a socket must have one
//   G3 Sec-Fetch-Site, when there is one, must be same-origin or none: another site's <img> and <script> are refused
//      (a form of a file on this machine opens the page by 'sign-in': it has no origin, and the token in its body is what counts)
//   G4 everything but the page's own files and the exchange of the token needs the session's cookie: other users of this machine are refused

import { timingSafeEqual } from 'node:crypto'

/** What is asked for: a file of the page, the exchange of the token (by the page, or by a form), bytes or the socket. */
export type Purpose = 'file' | 'session' | 'sign-in' | 'bytes' | 'wire'

export interface RequestFacts {
  readonly purpose: Purpose
  readonly method: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** What this server is: its port and the two secrets, the token of the printed address and the cookie given in
 *  exchange. */
export interface Identity {
  readonly port: number
  readonly token: string
  readonly session: string
}

export interface Refusal {
  readonly status: 401 | 403 | 421
  readonly reason: string
}

const unknown: Refusal = { status: 401, reason: 'Open the address that Winnow printed last in the terminal.' }

/** Null when the token in the body of a form is this server's. */
export function formRefusalOf(body: Uint8Array, { token }: Identity): Refusal | null {
  const given = new URLSearchParams(Buffer.from(body).toString('latin1')).get('token')
  return given !== null && same(given, token) ? null : unknown
}

/** Null when the request may go on; that of a 'sign-in' form is told by `formRefusalOf`. */
export function refusalOf({ purpose, method, headers }: RequestFacts, identity: Identity): Refusal | null {
  const hosts = [`127.0.0.1:${identity.port}`, `localhost:${identity.port}`]
  const { host, origin } = headers
  if (typeof host !== 'string' || !hosts.includes(host))
    return { status: 421, reason: 'This server answers only on its own address.' }
  if (purpose === 'sign-in') return null
  const writes = method !== 'GET' && method !== 'HEAD'
  if (origin === undefined ? writes || purpose === 'wire' : origin !== `http://${host}`)
    return { status: 403, reason: "Only Winnow's own page may ask this." }
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return { status: 403, reason: "Only Winnow's own page may ask this." }
  if (purpose === 'file') return null
  const known =
    purpose === 'session' && method === 'POST'
      ? bearsToken(headers['authorization'], identity)
      : hasSession(headers['cookie'], identity)
  return known ? null : unknown
}

/** By port, because cookies of 127.0.0.1 are shared by all ports. */
export function cookieName(port: number): string {
  return `winnow-${port}`
}

function bearsToken(authorization: string | readonly string[] | undefined, { token }: Identity): boolean {
  return typeof authorization === 'string' && same(authorization, `Bearer ${token}`)
}

function hasSession(cookie: string | readonly string[] | undefined, { port, session }: Identity): boolean {
  const pairs = typeof cookie === 'string' ? cookie.split(';').map(pair => pair.trim()) : []
  return pairs.some(pair => same(pair, `${cookieName(port)}=${session}`))
}

/** Takes as long for a near miss as for a far one. */
function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
