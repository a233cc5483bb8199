// What the page and its workers say to each other. Everything else a worker needs it asks of the service by itself. One
// script serves both: the page starts it once to train and, when it is first needed, once more to answer single photos,
// so that neither waits for the other.

import type { ErrorRecord } from '../../contract/errors.ts'
import type { PhotoPrediction } from '../../training/predictor.ts'
import type { QuickProgress } from '../../training/features/quick-model.ts'
import type { LabelCheckProgress } from '../../training/features/label-check-session.ts'
import type { FoldProgress } from '../../training/cross-validation.ts'
import type { Preview, PreviewRequest } from '../../training/preview.ts'

export type { FoldProgress, LabelCheckProgress, Preview, PreviewRequest, QuickProgress }

/** What a person wants to be computed on: 'auto' takes a GPU unless the processor only pretends to be one (adapter.ts). */
export const computeChoices = ['auto', 'gpu', 'processor'] as const
export type ComputeChoice = (typeof computeChoices)[number]

/** What will compute. Without a GPU, `reason` is the key of a sentence and `detail` what the browser said. */
export type WorkerDeviceInfo =
  | { readonly kind: 'gpu'; readonly adapter: string; readonly software: boolean }
  | {
      readonly kind: 'cpu'
      readonly reason: 'noApi' | 'noAdapter' | 'failed' | 'imitated' | 'chosen'
      readonly detail: string
      readonly processor: ProcessorInfo
    }

/** What the processor computes with. */
export interface ProcessorInfo {
  /** As runs on it name it. */
  readonly name: string
  readonly threads: number
  readonly simd: 'relaxed' | 'plain' | 'none'
}

/** A photo of the run asked, or one from outside that was put as a visitor. */
export type AskedPhoto = { readonly photoId: number } | { readonly visitorId: string; readonly name: string }

export type ToWorker =
  /** With a socket's address in a browser tab, with a port in the desktop shell; `base` begins the addresses of bytes.
   */
  | {
      readonly kind: 'connect'
      readonly base: string
      readonly socket: string | null
      readonly port: MessagePort | null
    }
  /** From the next run or question on; answered with 'device'. */
  | { readonly kind: 'compute-on'; readonly choice: ComputeChoice }
  | { readonly kind: 'start'; readonly runId: number }
  /** The cross-validation of a run; goes on where an earlier one with the same numbers was stopped. */
  | { readonly kind: 'start-folds'; readonly runId: number; readonly folds: number; readonly seed: number }
  /** Features, doubts and a quick model with this backbone. */
  | { readonly kind: 'start-quick'; readonly backbone: string }
  /** Features of the photos that lack them, and what they say of the labels; answered with 'labels-checked'. What is
   *  prepared for it is kept for the next time. */
  | { readonly kind: 'check-labels'; readonly backbone: string }
  | { readonly kind: 'pause' | 'resume' | 'stop' }
  /** Leave one core to the page, or take it again. */
  | { readonly kind: 'spare-thread'; readonly spare: boolean }
  | {
      readonly kind: 'ask'
      readonly id: number
      readonly runId: number
      readonly photo: AskedPhoto
      readonly label: number | null
    }
  /** What a run with these settings would begin with. */
  | { readonly kind: 'look'; readonly id: number; readonly question: PreviewRequest }
  /** Let go of what was kept ready for the next photo. */
  | { readonly kind: 'rest' }

export type FromWorker =
  | { readonly kind: 'device'; readonly device: WorkerDeviceInfo }
  /** In the desktop shell: the port is gone, another is needed. */
  | { readonly kind: 'port-please' }
  | { readonly kind: 'started' | 'ended' }
  | { readonly kind: 'folds'; readonly progress: FoldProgress }
  /** Complete, or stopped with the folds kept that were done. */
  | { readonly kind: 'folds-ended'; readonly complete: boolean }
  | { readonly kind: 'quick'; readonly progress: QuickProgress }
  | { readonly kind: 'quick-ended'; readonly runId: number }
  | { readonly kind: 'label-check'; readonly progress: LabelCheckProgress }
  | { readonly kind: 'labels-checked'; readonly evidenceId: number; readonly expected: number }
  | { readonly kind: 'failed'; readonly error: ErrorRecord }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: PhotoPrediction }
  | { readonly kind: 'look'; readonly id: number; readonly look: Preview }
  /** To 'ask' and 'look'. */
  | { readonly kind: 'no-answer'; readonly id: number; readonly error: ErrorRecord }
