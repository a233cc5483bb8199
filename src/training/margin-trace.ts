// The margin trace (area under the margin, Pleiss et al. 2020) of a run: the mean over its epochs of each photo's margin. Photos a net
// never comes to agree with stand at the bottom, which is how wrong labels are found without a second training.

export class MarginTrace {
  readonly #sums: Float64Array
  readonly #counts: Uint32Array

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

  add(rows: Uint32Array, margins: Float32Array): void {
    rows.forEach((row, i) => {
      this.#sums[row]! += margins[i]!
      this.#counts[row]!++
    })
  }

  /** f32 [rows] means, NaN for rows that were never shown; then f32 [rows], of how many epochs each is. */
  bytes(): Uint8Array<ArrayBuffer> {
    const rows = this.#sums.length
    const values = Float32Array.from({ length: 2 * rows }, (_, i) => (i < rows ? this.#sums[i]! / this.#counts[i]! : this.#counts[i - rows]!))
    return new Uint8Array(values.buffer)
  }
}
