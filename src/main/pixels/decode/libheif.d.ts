// What is used of libheif-js, which brings no types of its own for this entry.

declare module 'libheif-js/libheif-wasm/libheif-bundle.mjs' {
  export interface LibheifImage {
    get_width(): number
    get_height(): number
    is_primary(): boolean
    /** Fills `target.data` with RGBA; the callback gets null where that fails. */
    display(
      target: { data: Uint8ClampedArray; width: number; height: number },
      done: (shown: { data: Uint8ClampedArray } | null) => void,
    ): void
  }
  export interface Libheif {
    HeifDecoder: new () => { decode(bytes: Uint8Array): LibheifImage[] }
  }
  export default function createLibheif(options: {
    print: (text: string) => void
    printErr: (text: string) => void
  }): Promise<Libheif>
}
