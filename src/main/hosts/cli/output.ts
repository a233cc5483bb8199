// What a command says. For people: results on stdout, progress and notes on stderr. With --json: one event a line on
// stdout, the last of them {"type":"done"} or {"type":"failed"}, and nothing on stderr.

import { SingleBar } from 'cli-progress'
import type { ErrorRecord } from '../../../contract/errors.ts'
import type { TextStream } from './host.ts'
import { visible } from './texts.ts'

export interface ProgressBar {
  /** Absolute; a null total is not known yet. `detail` follows the numbers. */
  update(done: number, total: number | null, detail?: string): void
  stop(): void
}

export interface Output {
  readonly json: boolean
  /** A result: a line or several for people, an event for programs. */
  result(text: string | readonly string[], event: { readonly type: string } & Record<string, unknown>): void
  /** A remark for people. */
  note(text: string): void
  progress(title: string): ProgressBar
  done(values: Record<string, unknown>): void
  failed(error: ErrorRecord): void
}

export function createOutput(stdout: TextStream, stderr: TextStream, json: boolean): Output {
  return json ? jsonOutput(stdout) : textOutput(stdout, stderr)
}

function jsonOutput(stdout: TextStream): Output {
  const write = (event: object) => void stdout.write(`${JSON.stringify(event)}\n`)
  return {
    json: true,
    result: (_text, event) => write(event),
    note: () => {},
    progress: title =>
      throttled(500, (done, total, detail) =>
        write({ type: 'progress', title, done, total, ...(detail && { detail }) }),
      ),
    done: values => write({ type: 'done', ...values }),
    failed: error => write({ type: 'failed', error }),
  }
}

function textOutput(stdout: TextStream, stderr: TextStream): Output {
  return {
    json: false,
    result: text => void stdout.write(`${[text].flat().map(visible).join('\n')}\n`),
    note: text => void stderr.write(`${visible(text)}\n`),
    progress: title => (stderr.isTTY ? terminalBar(title, stderr) : lines(title, stderr)),
    done: () => {},
    failed: ({ message, fix }) => void stderr.write(`${visible(message)}\n${visible(fix)}\n`),
  }
}

function terminalBar(title: string, stream: TextStream): ProgressBar {
  const bar = new SingleBar({
    stream: stream as NodeJS.WriteStream,
    format: `${title.padEnd(10)} {bar} {percentage}% {value}/{total} {detail}`,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    fps: 10,
    emptyOnZero: true,
    linewrap: true,
    gracefulExit: false,
  })
  bar.start(0, 0, { detail: '' })
  return {
    update(done, total, detail = '') {
      if (total !== null) bar.setTotal(total)
      bar.update(done, { detail })
    },
    stop: () => bar.stop(),
  }
}

/** For a log file: a line every two seconds and the last state. */
function lines(title: string, stream: TextStream): ProgressBar {
  return throttled(
    2000,
    (done, total, detail) =>
      void stream.write(`${title} ${done}${total === null ? '' : `/${total}`}${detail ? ` ${detail}` : ''}\n`),
  )
}

function throttled(everyMs: number, say: (done: number, total: number | null, detail: string) => void): ProgressBar {
  let last = performance.now()
  let unsaid: [number, number | null, string] | null = null
  return {
    update(done, total, detail = '') {
      unsaid = [done, total, detail]
      if (performance.now() - last < everyMs) return
      last = performance.now()
      say(...unsaid)
      unsaid = null
    },
    stop() {
      if (unsaid) say(...unsaid)
      unsaid = null
    },
  }
}
