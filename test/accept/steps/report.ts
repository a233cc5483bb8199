// The table at the end of an acceptance run: what had to be shown, what was, and how long it took on which device.

export interface Line {
  readonly what: string
  readonly must: string
  readonly shown: string
  readonly held: boolean
  readonly seconds: number
  /** Name of the device that trained; empty where none did. */
  readonly adapter?: string
}

export class Report {
  readonly #lines: Line[] = []
  readonly #leftOut: string[] = []

  add(line: Line): void {
    this.#lines.push(line)
    console.log(`${line.held ? 'ok    ' : 'MISSED'} ${line.what}: ${line.shown} (must: ${line.must})`)
  }

  /** A line that cannot be shown here, and why. */
  leaveOut(what: string, why: string): void {
    this.#leftOut.push(`${what}: ${why}`)
    console.log(`left out ${what}: ${why}`)
  }

  get missed(): number {
    return this.#lines.filter(({ held }) => !held).length
  }

  print(): void {
    const rows = this.#lines.map(({ what, must, shown, held, seconds, adapter = '' }) => [
      held ? 'ok' : 'MISSED',
      what,
      must,
      shown,
      `${seconds.toFixed(1)} s`,
      adapter,
    ])
    const table = [['', 'what', 'must', 'shown', 'time', 'adapter'], ...rows]
    const widths = table[0]!.map((_, column) => Math.max(...table.map(row => row[column]!.length)))
    console.log(
      `\n${table
        .map(row =>
          row
            .map((cell, column) => cell.padEnd(widths[column]!))
            .join('  ')
            .trimEnd(),
        )
        .join('\n')}`,
    )
    for (const line of this.#leftOut) console.log(`left out  ${line}`)
    console.log(`\n${this.#lines.length - this.missed} passed, ${this.missed} failed, ${this.#leftOut.length} left out`)
  }
}
