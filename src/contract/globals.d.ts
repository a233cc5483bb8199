// What the contract uses besides the language: it runs in the page, in Node and in Electron, so it sees only what all three have.

declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}
