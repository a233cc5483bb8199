// A bell that rings at most five times a second however often it is pulled, and always once after the last pull.

export interface Throttle {
  readonly call: () => void
  close(): void
}

const everyMs = 200

export function createThrottle(onRing: () => void): Throttle {
  let timer: NodeJS.Timeout | null = null
  let rangAt = -Infinity
  let closed = false
  const now = () => {
    timer = null
    rangAt = performance.now()
    onRing()
  }
  return {
    call() {
      if (timer || closed) return
      const wait = rangAt + everyMs - performance.now()
      if (wait <= 0) now()
      else timer = setTimeout(now, wait)
    },
    close() {
      closed = true
      if (timer) clearTimeout(timer)
    },
  }
}
