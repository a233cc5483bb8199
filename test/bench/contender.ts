// What a framework must do to take part: run steps of the workload, one batch after the other.

export interface Contender {
  /** Runs `steps` training steps from where it stands and waits for the last. Gives the losses where `losses` is true. */
  run(steps: number, losses: boolean): Promise<number[]>
  close(): void
}
