// How a kernel runs on the CPU device: functions of wasm/ over items, one pass after the other. It is declared beside a
// kernel's WGSL and its reference, which stays its judge. A pass is cut into tasks by its shape alone and no result
// depends on two of them, so the bits are the same for any number of threads.

/** Where a pass reads or writes item by item: a binding, and the bytes of an item. */
export interface ItemPlace {
  readonly binding: string
  readonly bytes: number
  /** Bytes before the first item. */
  readonly first?: number
}

/** Numbers that a kernel looks up, the same for equal keys: they are kept once a device. */
export interface LookupTable {
  readonly key: string
  readonly make: () => Int32Array
}

export interface WasmPass {
  /** The exported function. The fields of its arguments (a class in wasm/) are filled by name: addresses from `at`,
   *  `tables`, `scratch` and the bindings, numbers from `values` and the constants of the call. */
  readonly entry: string
  readonly items: number
  /** Items a task. */
  readonly grain: number
  readonly from?: ItemPlace
  readonly to?: ItemPlace
  readonly values?: Readonly<Record<string, number>>
  /** Bindings by the name of the field, where it is another one; with an offset in bytes. Null: address 0. */
  readonly at?: Readonly<Record<string, string | readonly [binding: string, bytes: number] | null>>
  readonly tables?: Readonly<Record<string, LookupTable>>
  /** Bytes that the passes of a call share, by field; equal names are one place. They hold nothing between calls. */
  readonly scratch?: Readonly<Record<string, number>>
  /** Bytes of its own that a thread needs. */
  readonly threadScratch?: number
  /** Done to the items of a task after the pass, while they lie in the cache: the epilogues of a product. */
  readonly stages?: readonly WasmStage[]
  /** Set where a stage makes one row of each two rows of pixels. */
  readonly windows?: RowWindows
}

export interface WasmStage {
  readonly pass: WasmPass
  /** The stage's items for each row of the product: 1 for rows, the number of columns for elements. */
  readonly itemsPerRow: number
  /** Constants and bindings of the stage's own kernel, by its own names. */
  readonly constants: Readonly<Record<string, number>>
  readonly bindings: Readonly<Record<string, string>>
}

/** Pairs of rows of a photo's pixels: `pairs` a photo, whose rows have `width` pixels and lie `photo` pixels apart from
 *  photo to photo. The product goes to the thread's scratch, `bytes` a pixel, and the last stage stores. */
export interface RowWindows {
  readonly pairs: number
  readonly width: number
  readonly photo: number
  readonly bytes: number
}

/** Elements of a task: long enough that giving it out costs nothing, short enough that threads end together. */
const taskElements = 16_384

/** Items a task where an item takes as long as so many elements. */
export function grainOf(elementsAnItem: number): number {
  return Math.max(1, Math.floor(taskElements / Math.max(1, elementsAnItem)))
}

/** A pass over single elements, from one binding to another, which may be one. */
export function elementPass(entry: string, elements: number, from: string, to: string): WasmPass {
  const places = { from: { binding: from, bytes: 4 }, to: { binding: to, bytes: 4 } }
  return { entry, items: elements, grain: taskElements, ...places }
}

/** A pass over items, each of which takes as long as so many elements. */
export function itemPass(entry: string, items: number, elementsAnItem: number, more: Partial<WasmPass> = {}): WasmPass {
  return { entry, items, grain: grainOf(elementsAnItem), ...more }
}
