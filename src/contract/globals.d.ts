// What the contract uses besides the language: it runs in the page, in Node and in Electron, so it sees only what all
// three have.

declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}

declare class Blob {
  slice(from?: number, end?: number): Blob
  arrayBuffer(): Promise<ArrayBuffer>
}
