// What the main process and the service's process say to each other. Frames of the wire do not pass here: each page connection has
// a MessagePort of its own, which travels with 'connect'.

import type { BytesAnswer } from '../../contract/server-bytes.ts'
import type { BytesQuestion } from './app-protocol.ts'

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
  | { readonly kind: 'reveal'; readonly path: string }
  | { readonly kind: 'closed' }
