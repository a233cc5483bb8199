// How a command ends early: Ctrl+C as an AbortSignal (the first asks the work to stop in order, the second leaves at
// once), and a reader of its output that has seen enough (`winnow check --json | head`).

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

/** Leaves without a word when nobody reads `stdout` any more; any other error of the stream is thrown. */
export function leaveWithReader({
  stdout,
  exit,
}: {
  readonly stdout: Pick<NodeJS.WriteStream, 'on'>
  exit(code: number): void
}): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    exit(0)
  })
}
