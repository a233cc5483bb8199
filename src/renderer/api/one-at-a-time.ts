// A question that many want to have asked anew: one is under way at a time, and one more follows where it was wanted
// meanwhile.

/** Asks, or shares the answer that is under way; then one more is asked `pauseMs` after it, and whether that fails is
 *  not told. */
export function oneAtATime(ask: () => Promise<void>, pauseMs: number): () => Promise<void> {
  let under: Promise<void> | null = null
  let again = false

  function share(): Promise<void> {
    if (under) {
      again = true
      return under
    }
    under = ask().finally(() => {
      under = null
      if (!again) return
      again = false
      setTimeout(() => void share().catch(() => {}), pauseMs)
    })
    return under
  }

  return share
}
