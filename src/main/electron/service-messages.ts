// What the main process and the service's process say to each other. Frames of the wire do not pass here: each page
// connection has a MessagePort of its own, which travels with 'connect'.

import type { Job } from '../../contract/records.ts'
import type { BytesAnswer } from '../../contract/server-bytes.ts'
import type { BytesQuestion } from './app-protocol.ts'

/** 0 to 1 of all that is at work; null where nothing is. */
export type WorkShare = number | 'unknown' | null

export interface EndedWork {
  readonly work: Job['kind'] | 'training'
  readonly failed: boolean
  readonly seconds: number
}

export type ToService =
  | { readonly kind: 'connect' }
  | { readonly kind: 'bytes'; readonly id: number; readonly question: BytesQuestion }
  /** Lets the page see a folder that the person dropped or chose. */
  | { readonly kind: 'grant'; readonly id: number; readonly path: string }
  | { readonly kind: 'close' }

export type FromService =
  | { readonly kind: 'bytes'; readonly id: number; readonly answer: BytesAnswer }
  | { readonly kind: 'granted'; readonly id: number; readonly folderId: string }
  | { readonly kind: 'training'; readonly active: boolean }
  | { readonly kind: 'progress'; readonly share: WorkShare }
  | { readonly kind: 'ended'; readonly ended: EndedWork }
  | { readonly kind: 'reveal'; readonly path: string }
  | { readonly kind: 'closed' }
