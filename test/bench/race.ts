// The training step of every framework, each in its own process, blocks taking turns so that whatever else the machine does
// falls on all of them. A framework whose losses are not those of Winnow is out: its time would mean nothing.

import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { RunReport, RunRequest } from './contender-process.ts'
import type { Configuration } from './frameworks/names.ts'
import { median } from './stopwatch.ts'

export interface RacePlan {
  /** Losses that must agree, and steps and number of the timed blocks. */
  readonly checked: number
  readonly steps: number
  readonly blocks: number
}

export interface Finish {
  readonly configuration: Configuration
  readonly msPerStep: number
  readonly spread: readonly [number, number]
  readonly cpuMsPerStep: number
  readonly counts: RunReport['counts']
}

/** The losses may differ by this much of themselves: sums in another order. */
const tolerance = 1e-3

interface Runner {
  readonly configuration: Configuration
  readonly run: (request: RunRequest) => Promise<RunReport>
  readonly close: () => void
}

export async function race(configurations: readonly Configuration[], { checked, steps, blocks }: RacePlan, say: (text: string) => void): Promise<Finish[]> {
  const runners: Runner[] = []
  let expected: readonly number[] | undefined
  try {
    for (const configuration of configurations) {
      const runner = await startRunner(configuration)
      runners.push(runner)
      const { losses, msPerStep } = await runner.run({ steps: checked, losses: true })
      say(`${configuration.name}: ${checked} steps with compiling in ${((msPerStep * checked) / 1000).toFixed(1)} s, losses ${losses.map(loss => loss.toFixed(4)).join(' ')}`)
      expected ??= losses
      expectSameLosses(configuration.name, losses, expected)
    }
    const reports = runners.map((): RunReport[] => [])
    for (let block = 0; block < blocks; block++) {
      for (const [i, { run }] of runners.entries()) reports[i]!.push(await run({ steps, losses: false }))
    }
    return runners.map(({ configuration }, i) => finish(configuration, reports[i]!))
  } finally {
    for (const { close } of runners) close()
  }
}

function finish(configuration: Configuration, reports: readonly RunReport[]): Finish {
  const times = reports.map(({ msPerStep }) => msPerStep)
  return {
    configuration, msPerStep: median(times), spread: [Math.min(...times), Math.max(...times)],
    cpuMsPerStep: median(reports.map(({ cpuMsPerStep }) => cpuMsPerStep)), counts: reports[0]!.counts,
  }
}

function expectSameLosses(name: string, losses: readonly number[], wanted: readonly number[]): void {
  const wrong = losses.findIndex((loss, step) => !(Math.abs(loss - wanted[step]!) <= tolerance * Math.abs(wanted[step]!)))
  if (wrong >= 0) throw new Error(`${name}: the loss of step ${wrong} is ${losses[wrong]} where it should be ${wanted[wrong]}; its time would mean nothing.`)
}

async function startRunner(configuration: Configuration): Promise<Runner> {
  const child = fork(join(import.meta.dirname, 'contender-process.ts'), [configuration.name], {
    execArgv: ['--import', join(import.meta.dirname, 'raw-imports.ts')], stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  await answerOf(child)
  return {
    configuration,
    run: async request => {
      child.send(request)
      return (await answerOf(child)) as RunReport
    },
    close: () => child.kill(),
  }
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let words = ''
    child.stderr!.on('data', (text: Buffer) => (words += text.toString()))
    child.once('message', resolve)
    child.once('exit', code => reject(new Error(`The process ended with ${code}.\n${words.split('\n').slice(-12).join('\n')}`)))
  })
}
