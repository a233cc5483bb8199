// When a training is written down again: at once the first time, then as rarely as keeps the writing to a tenth of the
// time. On a fast GPU an epoch takes less time than its checkpoint does.

const share = 0.1

export class SavePacing {
  #dueAt = 0

  get isDue(): boolean {
    return performance.now() >= this.#dueAt
  }

  async timed(save: () => Promise<void>): Promise<void> {
    const began = performance.now()
    await save()
    const now = performance.now()
    this.#dueAt = now + (now - began) / share
  }
}
