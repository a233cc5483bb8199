// The training step of every framework, each in its own process, blocks taking turns so that whatever else the machine
// does falls on all of them. A framework whose losses are not those of Winnow is out: its time would mean nothing.

import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { RunReport, RunRequest } from './contender-process.ts'
import type { Configuration } from '../frameworks/names.ts'
import { startTorch } from '../frameworks/torch.ts'
import { median } from '../measuring/median.ts'
import { workload, type WorkloadName } from './workload.ts'

export interface RacePlan {
  /** The first losses that must agree; and steps and number of the timed blocks. */
  readonly checked: number
  readonly steps: number
  readonly blocks: number
  /** A block ends after fewer steps where they would take longer than about this: one slow contender among nine would
   *  take all the time. */
  readonly blockMs?: number
}

export interface Finish {
  readonly configuration: Configuration
  readonly msPerStep: number
  readonly spread: readonly [number, number]
  readonly cpuMsPerStep: number | undefined
  readonly callMsPerStep: number | undefined
  readonly counts: RunReport['counts']
  /** Milliseconds until ready and for the first step: mostly compiling. */
  readonly openMs: number
  readonly firstStepMs: number
}

/** The losses may differ by this much of themselves: sums in another order. */
const usualTolerance = 1e-3

export interface Runner {
  readonly configuration: Configuration
  readonly openMs: number
  readonly run: (request: RunRequest) => Promise<RunReport>
  readonly close: () => void
}

interface Ready {
  readonly runner: Runner
  readonly firstStepMs: number
  /** Of a step once all is compiled. */
  readonly stepMs: number
}

/** Before the blocks everybody runs as many steps as this holds: JavaScript's compiler needs some hundred calls to warm
 *  up. */
const warmUpMs = 2_000

export async function race(
  configurations: readonly Configuration[],
  name: WorkloadName,
  plan: RacePlan,
  say: (text: string) => void,
): Promise<Finish[]> {
  return raceRunners(configurations, configuration => startContender(configuration, name), plan, say)
}

/** The same wherever the runners live: processes here, tabs of a browser in browser/bench.ts. */
export async function raceRunners<C extends Configuration>(
  configurations: readonly C[],
  start: (configuration: C) => Promise<Runner>,
  plan: RacePlan,
  say: (text: string) => void,
): Promise<Finish[]> {
  const ready: Ready[] = []
  try {
    let expected: readonly number[] | undefined
    for (const configuration of configurations) {
      const checked = await startChecked(configuration, () => start(configuration), plan, expected, say)
      if (!checked) continue
      ready.push(checked)
      expected ??= checked.losses
    }
    const paces: number[] = []
    for (const { runner, stepMs } of ready) {
      const steps = Math.floor(warmUpMs / stepMs)
      paces.push(steps > 0 ? (await runner.run({ steps, losses: false })).msPerStep : stepMs)
    }
    const reports = ready.map((): RunReport[] => [])
    for (let block = 0; block < plan.blocks; block++) {
      for (const [i, { runner }] of ready.entries())
        reports[i]!.push(await runner.run({ steps: stepsOfBlock(plan, paces[i]!), losses: false }))
    }
    return ready.map((entry, i) => finish(entry, reports[i]!))
  } finally {
    for (const { runner } of ready) runner.close()
  }
}

function stepsOfBlock({ steps, blockMs = Infinity }: RacePlan, stepMs: number): number {
  return Math.min(steps, Math.ceil(blockMs / stepMs))
}

/** Undefined where a peer cannot do this workload or does something else: that is said, and the rest go on. Winnow
 *  must. */
async function startChecked(
  configuration: Configuration,
  start: () => Promise<Runner>,
  plan: RacePlan,
  expected: readonly number[] | undefined,
  say: (text: string) => void,
): Promise<(Ready & { readonly losses: readonly number[] }) | undefined> {
  let runner: Runner | undefined
  try {
    runner = await start()
    const first = await runner.run({ steps: 1, losses: true })
    const rest = await runner.run({ steps: plan.checked - 1, losses: true })
    const losses = [...first.losses, ...rest.losses]
    say(
      `${configuration.name}: ready in ${(runner.openMs / 1000).toFixed(1)} s, first step ${(first.msPerStep / 1000).toFixed(1)} s, losses ${losses.map(loss => loss.toFixed(4)).join(' ')}`,
    )
    expectSameLosses(losses, expected ?? losses, configuration.tolerance ?? usualTolerance)
    return { runner, firstStepMs: first.msPerStep, stepMs: rest.msPerStep, losses }
  } catch (error) {
    runner?.close()
    if (configuration.framework === 'winnow') throw error
    say(`${configuration.name} is out: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

function finish({ runner, firstStepMs }: Ready, reports: readonly RunReport[]): Finish {
  const times = reports.map(({ msPerStep }) => msPerStep)
  const cpu = reports.map(({ cpuMsPerStep }) => cpuMsPerStep).filter(ms => ms !== undefined)
  const calls = reports.map(({ callMsPerStep }) => callMsPerStep).filter(ms => ms !== undefined)
  return {
    configuration: runner.configuration,
    msPerStep: median(times),
    spread: [Math.min(...times), Math.max(...times)],
    cpuMsPerStep: cpu.length > 0 ? median(cpu) : undefined,
    callMsPerStep: calls.length > 0 ? median(calls) : undefined,
    counts: reports[0]!.counts,
    openMs: runner.openMs,
    firstStepMs,
  }
}

function expectSameLosses(losses: readonly number[], wanted: readonly number[], tolerance: number): void {
  const wrong = losses.findIndex(
    (loss, step) => !(Math.abs(loss - wanted[step]!) <= tolerance * Math.abs(wanted[step]!)),
  )
  if (wrong >= 0)
    throw new Error(
      `The loss of step ${wrong} is ${losses[wrong]} where it should be ${wanted[wrong]}; its time would mean nothing.`,
    )
}

/** A process of its own for one framework, ready for its first step. */
export async function startContender(
  configuration: Configuration,
  name: WorkloadName,
  environment: Readonly<Record<string, string>> = {},
): Promise<Runner> {
  const began = performance.now()
  if (configuration.framework.startsWith('torch')) {
    const torch = await startTorch(configuration.name, workload(name))
    return { configuration, openMs: performance.now() - began, run: torch.run, close: torch.close }
  }
  const child = fork(join(import.meta.dirname, 'contender-process.ts'), [configuration.name, name], {
    execArgv: ['--import', join(import.meta.dirname, '..', 'raw-imports.ts')],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...environment },
  })
  const { openMs } = (await answerOf(child)) as { openMs: number }
  return {
    configuration,
    openMs,
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
    const hear = (text: Buffer) => (words += text.toString())
    const failed = (code: number | null) =>
      reject(new Error(`The process ended with ${code}.\n${words.split('\n').slice(-12).join('\n')}`))
    child.stderr!.on('data', hear)
    child.once('exit', failed)
    child.once('message', message => {
      child.stderr!.off('data', hear)
      child.off('exit', failed)
      resolve(message)
    })
  })
}
