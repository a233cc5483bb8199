// Errors as they cross a process: a code, a full sentence with the actual values, and what to do.
// Services throw ServiceError; the wire carries ErrorRecord; the client throws ServiceError again on the other side.

export interface ErrorRecord {
  readonly code: string
  readonly message: string
  readonly fix: string
}

export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: string
  readonly fix: string

  constructor(code: string, message: string, fix: string) {
    super(message)
    this.code = code
    this.fix = fix
  }
}

/** Any thrown value as data. Core's and the services' errors keep their code and fix; anything else is 'internal'. */
export function toErrorRecord(error: unknown): ErrorRecord {
  if (error instanceof Error) {
    const { code, fix } = error as Partial<ErrorRecord>
    return {
      code: typeof code === 'string' ? code : 'internal',
      message: error.message,
      fix: typeof fix === 'string' ? fix : 'Try again. If it happens again, report it with the text of this message.',
    }
  }
  return { code: 'internal', message: String(error), fix: 'Try again.' }
}

export function fromErrorRecord(record: ErrorRecord): ServiceError {
  return new ServiceError(record.code, record.message, record.fix)
}
