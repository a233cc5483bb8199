// How photos reach a plan. A set that fits into one binding lies on the device for the whole run; a larger one, or one
// for which the device has no room, is streamed, one batch before each step. Either way the plan gathers rows by
// position, so its kernels and results are the same.

import type { Device } from '../device.ts'
import type { Store } from '../tensor/store.ts'
import type { Tensor, Trace } from '../tensor/trace.ts'
import type { PhotoSet } from './photo-set.ts'

export class DataLoader {
  /** True where the whole set lies on the device, so that several steps may go into one submit. */
  readonly resident: boolean
  readonly #set: PhotoSet
  readonly #batch: number
  readonly #rowBytes: number

  constructor(set: PhotoSet, batch: number, device: Device, streamed = false) {
    this.#set = set
    this.#batch = batch
    this.#rowBytes = set.height * set.width * set.channels
    this.resident = !streamed && set.images.length <= (device.info.maxResidentBytes ?? device.info.maxBindingBytes)
  }

  /** The states a plan gathers from. `pass` names the order: training and evaluation keep their own. */
  tensors(
    trace: Trace,
    pass: 'train' | 'evaluate',
  ): { readonly images: Tensor; readonly order: Tensor; readonly classes: Tensor } {
    const { images, labels, height, width, channels } = this.#set
    const rows = this.resident ? labels.length : this.#batch
    const scope = this.resident ? 'data' : `data.${pass}`
    return {
      images: trace.state(
        `${scope}.images`,
        [rows, height, width, channels],
        'u8',
        values => this.resident && values.set(images),
      ),
      classes: trace.state(`${scope}.classes`, [rows], 'u32', values => this.resident && values.set(labels)),
      order: trace.state(`data.${pass}.order`, [labels.length], 'u32'),
    }
  }

  /** Gives back what holds the photos of `tensors`, so that another loader may take its place. */
  release(store: Store, pass: 'train' | 'evaluate'): void {
    const scope = this.resident ? 'data' : `data.${pass}`
    store.release([`${scope}.images`, `${scope}.classes`])
  }

  /** Each row's number for its random changes, which only training has. */
  numbers(trace: Trace): Tensor {
    const rows = this.resident ? this.#set.labels.length : this.#batch
    return trace.state('data.numbers', [rows], 'u32', values => this.resident && values.set(numbersOf(this.#set)))
  }

  /** Says which rows the positions of this pass stand for. */
  setOrder(store: Store, pass: 'train' | 'evaluate', rows: Uint32Array<ArrayBuffer>): void {
    store.write(`data.${pass}.order`, this.resident ? rows : rows.map((_, position) => position % this.#batch))
  }

  /** Before a step at `start`, a multiple of the batch: a streamed set uploads the rows of the batch now. */
  beforeStep(
    store: Store,
    pass: 'train' | 'evaluate',
    rows: Uint32Array<ArrayBuffer>,
    start: number,
    count: number,
  ): void {
    if (this.resident) return
    const pixels = new Uint8Array(count * this.#rowBytes)
    const classes = new Uint32Array(count)
    const numbers = new Uint32Array(count)
    for (let n = 0; n < count; n++) {
      const row = rows[start + n]!
      pixels.set(this.#set.images.subarray(row * this.#rowBytes, (row + 1) * this.#rowBytes), n * this.#rowBytes)
      classes[n] = this.#set.labels[row]!
      numbers[n] = this.#set.numbers?.[row] ?? row
    }
    store.write(`data.${pass}.images`, pixels)
    store.write(`data.${pass}.classes`, classes)
    if (pass === 'train' && store.has('data.numbers')) store.write('data.numbers', numbers)
  }
}

function numbersOf({ numbers, labels }: PhotoSet): Uint32Array<ArrayBuffer> {
  return numbers ?? Uint32Array.from(labels.keys())
}
