// The margin trace (area under the margin, Pleiss et al. 2020) of a run: the mean over its epochs of each photo's margin. Photos a net
// never comes to agree with stand at the bottom, which is how wrong labels are found without a second training.

export class MarginTrace {
  readonly #sums: Float64Array
  readonly #counts: Uint32Array

  constructor(rows: number) {
    this.#sums = new Float64Array(rows)
    this.#counts = new Uint32Array(rows)
  }

  /** Goes on from the means of an earlier part of the run, of so many epochs. */
  goOn(means: Float32Array, epochs: number): void {
    means.forEach((mean, row) => {
      if (!Number.isFinite(mean)) return
      this.#sums[row]! += mean * epochs
      this.#counts[row]! += epochs
    })
  }

  add(rows: Uint32Array, margins: Float32Array): void {
    rows.forEach((row, i) => {
      this.#sums[row]! += margins[i]!
      this.#counts[row]!++
    })
  }

  /** [rows]; NaN for rows that were never shown. */
  means(): Float32Array<ArrayBuffer> {
    return Float32Array.from(this.#sums, (sum, row) => sum / this.#counts[row]!)
  }
}
