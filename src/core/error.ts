// The one error class of the core. `message` is a full sentence with the actual values, `fix` says what to do about it.
// Hosts turn it into data when it crosses a process (contract/errors.ts reads the same three fields).

/** What went wrong: shapes of layers, an argument, photos or labels, a net, a checkpoint, a shader, memory, the
 *  device, or the training itself (its loss is no number). */
export type CoreErrorCode =
  | 'shape-mismatch'
  | 'bad-argument'
  | 'bad-data'
  | 'bad-model'
  | 'bad-checkpoint'
  | 'shader-failed'
  | 'out-of-memory'
  | 'device-lost'
  | 'diverged'

/** The one error of the core: `code` for programs, `message` a sentence with the actual values, `fix` what to do
 *  about it. */
export class CoreError extends Error {
  override readonly name = 'CoreError'
  readonly code: CoreErrorCode
  readonly fix: string

  constructor(code: CoreErrorCode, message: string, fix: string) {
    super(message)
    this.code = code
    this.fix = fix
  }
}

/** Turns a sentence, and what to do where that is not the usual thing, into the error of whoever asked. */
export type Fail = (message: string, fix?: string) => Error
