// Errors as they cross a process: a code, a full sentence with the actual values, and what to do.
// Services throw ServiceError; the wire carries ErrorRecord; the client throws ServiceError again on the other side.

/** What the sentence speaks of, for its telling in another language. */
export type ErrorValues = Readonly<Record<string, string | number>>

export interface ErrorRecord {
  readonly code: string
  readonly message: string
  readonly fix: string
  readonly values?: ErrorValues | undefined
}

export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: string
  readonly fix: string
  readonly values: ErrorValues | undefined

  constructor(code: string, message: string, fix: string, values?: ErrorValues) {
    super(message)
    this.code = code
    this.fix = fix
    this.values = values
  }
}

/** Any thrown value as data. Core's and the services' errors keep their code and fix; anything else is 'internal'. */
export function toErrorRecord(error: unknown): ErrorRecord {
  if (error instanceof Error) {
    const { code, fix, values } = error as Partial<ErrorRecord>
    return {
      code: typeof code === 'string' ? code : 'internal',
      message: error.message,
      fix: typeof fix === 'string' ? fix : 'Try again. If it happens again, report it with the text of this message.',
      ...(values && { values }),
    }
  }
  return { code: 'internal', message: String(error), fix: 'Try again.' }
}

export function fromErrorRecord(record: ErrorRecord): ServiceError {
  return new ServiceError(record.code, record.message, record.fix, record.values)
}
