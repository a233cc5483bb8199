// The frames of the wire as data: four from the caller, three back. They hold what both JSON and structured clone
// carry. A caller numbers its calls and subscriptions; every answer names the number. Items of a subscription come in
// order.
//   W1 a call gets exactly one result or error, unless it was cancelled: then it gets nothing more
//   W2 a subscription gets items until it is ended by its caller, by an error (once, then silence) or by the port
//   W3 a frame that is not one of these is dropped; with a number in it, the number gets an error

import { z } from 'zod'
import type { ErrorRecord } from './errors.ts'

/** How frames travel: the two methods each host gives to a MessagePort, a WebSocket or a pair of functions. `send`
 *  never throws. */
export interface Port {
  send(frame: unknown): void
  onMessage(listener: (frame: unknown) => void): void
}

const id = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const name = z.string().max(64)

export const CallerFrame = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id, name, params: z.unknown() }),
  z.object({ kind: z.literal('cancel'), id }),
  z.object({ kind: z.literal('subscribe'), id, name, params: z.unknown() }),
  z.object({ kind: z.literal('unsubscribe'), id }),
])
export type CallerFrame = z.infer<typeof CallerFrame>

export const ServerFrame = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), id, value: z.unknown() }),
  z.object({
    kind: z.literal('error'),
    id,
    error: z.object({
      code: z.string(),
      message: z.string(),
      fix: z.string(),
      values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    }),
  }),
  z.object({ kind: z.literal('item'), id, value: z.unknown() }),
])
export type ServerFrame = z.infer<typeof ServerFrame>

export function resultFrame(id: number, value: unknown): ServerFrame {
  return { kind: 'result', id, value }
}

export function errorFrame(id: number, error: ErrorRecord): ServerFrame {
  return { kind: 'error', id, error }
}

export function itemFrame(id: number, value: unknown): ServerFrame {
  return { kind: 'item', id, value }
}
