// The few universal globals that core may use besides the language and WebGPU's types. The core's tsconfig has no DOM
// and no Node types, so anything else (navigator, process, fetch, files) does not type-check here: the platform is
// handed in.

interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

declare const performance: { now(): number }
declare function setTimeout(callback: () => void, milliseconds?: number): unknown

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string
}

declare module '*.wgsl?raw' {
  const source: string
  export default source
}
