// Rate and time left of a job from a moving window of the last fifteen seconds; both unknown during the first two, and
// anew where a job begins to count another thing: its second phase is no work undone.

const windowMs = 15_000
const shyMs = 2_000

export interface JobMeter {
  /** Notes that `done` are done at `at` (ms). */
  note(done: number, at: number): void
  read(total: number | null): { readonly perSecond: number | null; readonly secondsLeft: number | null }
}

export function createJobMeter(): JobMeter {
  const marks: { readonly done: number; readonly at: number }[] = []
  return {
    note(done, at) {
      if (done < (marks.at(-1)?.done ?? 0)) marks.length = 0
      marks.push({ done, at })
      while (marks.length > 2 && marks[1]!.at < at - windowMs) marks.shift()
    },
    read(total) {
      const first = marks[0]
      const last = marks.at(-1)
      if (!first || !last || last.at - first.at < shyMs) return { perSecond: null, secondsLeft: null }
      const perSecond = ((last.done - first.done) / (last.at - first.at)) * 1000
      const secondsLeft = total === null || perSecond <= 0 ? null : Math.max(0, (total - last.done) / perSecond)
      return { perSecond, secondsLeft }
    },
  }
}
