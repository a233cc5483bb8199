// Remembers that a GPU has failed. A refused command or a lost device is reported while no call waits for it; it is
// kept here and thrown by the next call.

import { CoreError } from '../error.ts'

export class GpuHealth {
  /** The first error nobody awaited, or the loss of the device. */
  #failure: CoreError | undefined

  /** The first failure is the one that is told. */
  fail(failure: CoreError): void {
    this.#failure ??= failure
  }

  throwIfFailed(): void {
    if (this.#failure) throw this.#failure
  }

  /** What the platform rejects with on its own account, without a word of ours, is the end of the device or of the
   *  process behind it. */
  answered<T>(asked: Promise<T>): Promise<T> {
    return asked.catch((error: Error) => {
      throw this.#failure ?? (error instanceof CoreError ? error : deviceLost(error.message))
    })
  }
}

export function deviceLost(reason: string): CoreError {
  return new CoreError(
    'device-lost',
    `The GPU stopped answering (${reason || 'no reason given'}).`,
    'Training goes on from the last checkpoint when a device is back.',
  )
}
