// How many pixels of large photos may be in memory at once, over all decode processes. Sixteen photos of 150 million
// pixels at a time would take more memory than most machines have; one after the other they do not.

export interface BudgetShare {
  /** Gives back what was held, then waits for this much; false where the share was released meanwhile. A photo above
   *  the whole goes alone. */
  take(pixels: number): Promise<boolean>
  release(): void
}

export class PixelBudget {
  readonly #whole: number
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(pixels: number) {
    this.#whole = pixels
    this.#free = pixels
  }

  /** The share of one batch; its photos are decoded one after the other, so it holds one photo's pixels at a time. */
  share(): BudgetShare {
    let held = 0
    let released = false
    const giveBack = (): void => {
      this.#free += held
      held = 0
      for (const retry of this.#waiting.splice(0)) retry()
    }
    return {
      take: async pixels => {
        giveBack()
        const wanted = Math.min(pixels, this.#whole)
        while (this.#free < wanted && !released) await new Promise<void>(resolve => this.#waiting.push(resolve))
        if (released) return false
        held = wanted
        this.#free -= wanted
        return true
      },
      release: () => {
        released = true
        giveBack()
      },
    }
  }
}
