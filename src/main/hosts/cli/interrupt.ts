// Ctrl+C as an AbortSignal: the first asks the work to stop in order, the second leaves at once.

/** Aborts on SIGINT, SIGTERM and SIGHUP of `process`. */
export function interruptSignal(process: Pick<NodeJS.Process, 'on' | 'exit'>): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort(new Error('Stopped.'))
    })
  }
  return controller.signal
}
