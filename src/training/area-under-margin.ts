// The area under the margin (AUM, Pleiss et al. 2020) of a run: the mean over its epochs of each photo's
// margin. Photos a net never comes to agree with stand at the bottom, which is how wrong labels are found without a
// second training.

/** The margins of `rows`, measured at `step`. */
export interface Margins {
  readonly step: number
  readonly rows: Uint32Array
  readonly margins: Float32Array
}

export class AreaUnderMargin {
  readonly #sums: Float64Array
  readonly #counts: Uint32Array
  /** What a roll-back may still take back, oldest first. */
  #open: Margins[] = []

  constructor(rows: number) {
    this.#sums = new Float64Array(rows)
    this.#counts = new Uint32Array(rows)
  }

  /** Goes on from the `bytes` of an earlier part of the run. Older ones hold no counts: then every row had `epochs`. */
  goOn(bytes: Uint8Array, epochs: number): void {
    const values = new Float32Array(bytes.slice().buffer)
    const rows = this.#sums.length
    this.#counts.forEach((_, row) => {
      if (!Number.isFinite(values[row]!)) return
      const count = values.length === 2 * rows ? values[rows + row]! : epochs
      this.#sums[row]! += values[row]! * count
      this.#counts[row]! += count
    })
  }

  add(margins: Margins): void {
    this.#open.push(margins)
  }

  /** Forgets what was measured after `step`: the run goes on from there and measures it again. */
  goBackTo(step: number): void {
    this.#open = this.#open.filter(margins => margins.step <= step)
  }

  /** The run never goes back before `step`: what was measured until then stays. */
  settle(step: number): void {
    for (const margins of this.#open) if (margins.step <= step) addTo(this.#sums, this.#counts, margins)
    this.#open = this.#open.filter(margins => margins.step > step)
  }

  /** f32 [rows] means, NaN for rows that were never shown; then f32 [rows], of how many epochs each is. */
  bytes(): Uint8Array<ArrayBuffer> {
    const rows = this.#sums.length
    const [sums, counts] = [this.#sums.slice(), this.#counts.slice()]
    for (const margins of this.#open) addTo(sums, counts, margins)
    const values = Float32Array.from({ length: 2 * rows }, (_, i) =>
      i < rows ? sums[i]! / counts[i]! : counts[i - rows]!,
    )
    return new Uint8Array(values.buffer)
  }
}

function addTo(sums: Float64Array, counts: Uint32Array, { rows, margins }: Margins): void {
  rows.forEach((row, i) => {
    sums[row]! += margins[i]!
    counts[row]!++
  })
}
