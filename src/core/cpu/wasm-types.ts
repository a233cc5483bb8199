// The part of WebAssembly's interface that the CPU device uses. It is the same in every host, but TypeScript knows it
// from the DOM's types alone, which core does without.

export interface Memory {
  /** A SharedArrayBuffer where the memory is shared; typed arrays take either. */
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** What has been compiled; it can be sent to a thread. */
export type WasmModule = object

export type KernelFunction = (args: number, first: number, end: number, from: number, to: number) => void

interface WebAssemblyInterface {
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared: boolean }) => Memory
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> }
  compile(bytes: Uint8Array<ArrayBuffer>): Promise<WasmModule>
  validate(bytes: Uint8Array<ArrayBuffer>): boolean
}

export const WebAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface }).WebAssembly
