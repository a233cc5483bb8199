// What `npm run bench` measures of the core: kernels against a roofline and TensorFlow.js, the steps of every workload
// in all frameworks, evaluation, the loader, the first step. Each part gives lines for results.jsonl and, measured with
// all frameworks, its section of docs/benchmarks.md.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { timeEvaluation, wholeTraining } from './evaluation.ts'
import { firstSteps } from './first-step.ts'
import { configurations, halfPrecision, type Configuration } from '../frameworks/names.ts'
import { nodePeers } from '../frameworks/node-peers.ts'
import { torchDevices } from '../frameworks/torch.ts'
import { openGpu, type OpenGpu } from '../measuring/gpu.ts'
import { kernelTrials, timeKernels } from '../kernels/kernels.ts'
import { timeLoader } from './loader.ts'
import { openTfjsKernels } from '../kernels/peer-kernels.ts'
import { timing, type Timing } from '../measuring/median.ts'
import { race, type Finish, type RacePlan } from './race.ts'
import {
  appendResults,
  kernelLines,
  kernelTable,
  ownLine,
  stepLine,
  stepTable,
  table,
  type Origin,
  type ResultLine,
} from '../measuring/results.ts'
import { measureRoofline, prepareYardstick, type Roofline } from '../kernels/roofline.ts'
import { parts, writeSection, type Part } from '../measuring/sections.ts'
import { openStopwatch } from '../measuring/stopwatch.ts'
import { flopPerStep } from '../measuring/work.ts'
import { workload, type WorkloadName } from './workload.ts'

const quickParts: readonly Part[] = ['kernels', 'deep-convnet', 'deep-convnet-bn', 'evaluation']
const fullParts: readonly Part[] = parts.filter(part => part !== 'tiny')

export interface CoreBenchOptions {
  readonly quick: boolean
  /** Default: those of a quick or a full run. */
  readonly only?: readonly string[] | undefined
  /** Default: all there are; only then are the sections of docs/benchmarks.md replaced. */
  readonly frameworks?: readonly string[] | undefined
  /** Winnow in half precision as well. */
  readonly half?: boolean
}

interface Section {
  readonly title: string
  readonly text: string
  readonly lines: readonly ResultLine[]
}

/** Throws with the known names where `only` has another. */
export async function benchCore(options: CoreBenchOptions): Promise<void> {
  const wrong = options.only?.find(name => !(parts as readonly string[]).includes(name))
  if (wrong !== undefined) throw new Error(`There is no part "${wrong}" to measure. There are: ${parts.join(', ')}.`)
  const open = await openGpu()
  if (open.software)
    console.log('A SOFTWARE GPU: what follows ranks programs on this machine; it says nothing of a real GPU.')
  fetchPeers()
  const roofline = await rooflineOf(open)
  console.log(rooflineText(roofline))
  for (const part of (options.only as readonly Part[] | undefined) ?? (options.quick ? quickParts : fullParts)) {
    const section = await sectionOf(part, open, roofline, options)
    console.log(`\n### ${section.title}\n\n${section.text}`)
    appendResults(section.lines)
    if (options.frameworks) continue
    const way = options.quick ? 'quick' : 'full'
    writeSection(
      { part, way, adapter: open },
      sectionText(origin(open), `${way} run in Node ${process.version}`, section, rooflineText(roofline)),
    )
  }
}

function sectionOf(part: Part, open: OpenGpu, roofline: Roofline, options: CoreBenchOptions): Promise<Section> {
  switch (part) {
    case 'kernels':
      return kernelSection(open, options)
    case 'evaluation':
      return evaluationSection(open, options.quick)
    case 'loader':
      return loaderSection(open)
    case 'first-step':
      return firstStepSection(open)
    default:
      return stepSection(part, open, roofline, options)
  }
}

async function rooflineOf(open: OpenGpu): Promise<Roofline> {
  const watch = await openStopwatch(open.adapter)
  const roofline = await measureRoofline(watch, scaleOf(open))
  watch.close()
  return roofline
}

/** A real GPU needs more work to be busy long enough for its clock. */
function scaleOf({ software }: OpenGpu): number {
  return software ? 1 : 100
}

async function kernelSection(open: OpenGpu, { quick, frameworks }: CoreBenchOptions): Promise<Section> {
  const { adapter } = await openGpu()
  const watch = await openStopwatch(adapter)
  const withPeer = !frameworks || frameworks.includes('tfjs')
  const peer = withPeer ? { kernels: await openTfjsKernels(await nodePeers.tfjs()), rounds: quick ? 2 : 5 } : undefined
  const times = await timeKernels(
    watch,
    watch.target(open.software),
    await prepareYardstick(watch, scaleOf(open)),
    kernelTrials(quick),
    quick ? 3 : 15,
    peer,
  )
  watch.close()
  return { title: 'Kernels', text: kernelTable(times), lines: times.flatMap(time => kernelLines(origin(open), time)) }
}

async function stepSection(
  name: WorkloadName,
  open: OpenGpu,
  { gflops }: Roofline,
  { quick, frameworks, half = false }: CoreBenchOptions,
): Promise<Section> {
  const load = workload(name)
  const devices = torchDevices()
  const all: readonly Configuration[] = half
    ? [configurations[0], halfPrecision, ...configurations.slice(1)]
    : configurations
  const there = all.filter(
    ({ framework }) => !framework.startsWith('torch') || devices.some(device => framework === `torch-${device}`),
  )
  const chosen = there.filter(configuration =>
    frameworks ? frameworks.includes(configuration.framework) : !quick || !configuration.name.includes('documented'),
  )
  const finishes = await race(chosen, name, planFor(name, open.software, quick), text => console.log(text))
  const flop = flopPerStep(load)
  return {
    title: load.name,
    text: stepTable(finishes, flop, gflops) + missing(chosen, finishes),
    lines: finishes.map(finish => stepLine(origin(open), load.name, finish, flop, gflops)),
  }
}

/** Who began and did not finish. */
export function missing(chosen: readonly Configuration[], finishes: readonly Finish[]): string {
  const out = chosen
    .filter(({ name }) => !finishes.some(({ configuration }) => configuration.name === name))
    .map(({ name }) => name)
  return out.length > 0
    ? `\n\nLeft out, because it could not do this or its losses were others: ${out.join(', ')}.`
    : ''
}

/** On a software GPU a step of a peer takes up to half a minute: few steps are timed there, but all 20 losses are
 *  compared. */
function planFor(name: WorkloadName, software: boolean, quick: boolean): RacePlan {
  if (!software) return { checked: 20, steps: 200, blocks: 5, blockMs: 2_000 }
  if (name === 'resnet18' || name === 'photo-convnet') return { checked: quick ? 3 : 20, steps: 1, blocks: 3 }
  return { checked: quick ? 4 : 20, steps: quick ? 2 : 10, blocks: quick ? 3 : 5 }
}

async function evaluationSection(open: OpenGpu, quick: boolean): Promise<Section> {
  const times = await timeEvaluation(await openGpu(), quick ? 1 : 3, quick ? 0.256 : 1)
  const whole = wholeTraining(times)
  const rows = [
    ['one training step, batch 100', `${times.step.ms.toFixed(1)} ms`],
    ['evaluation of 10,000 photos', `${times.evaluation.ms.toFixed(0)} ms`],
    ['evaluation in training steps (must: 40)', (times.evaluation.ms / times.step.ms).toFixed(1)],
    [
      '12,000 iterations with all evaluation, reckoned from these',
      `${(whole.ms / 60_000).toFixed(1)} minutes${open.software ? ' on this software GPU' : ''}`,
    ],
  ]
  return {
    title: 'deep-convnet: evaluation, and the whole training',
    text: table(['', ''], rows),
    lines: [
      ownLine(origin(open), 'deep-convnet, a training step beside evaluation', times.step),
      ownLine(origin(open), 'deep-convnet, evaluation of 10,000', times.evaluation),
      ownLine(origin(open), 'deep-convnet, 12,000 iterations with all evaluation, reckoned', whole),
    ],
  }
}

async function loaderSection(open: OpenGpu): Promise<Section> {
  const times = await timeLoader(openGpu, 3, open.software ? 8 : 200)
  const named: readonly (readonly [string, Timing])[] = [
    ['bare steps over a set on the GPU', times.bare],
    ['training loop, set on the GPU', times.loop],
    ['training loop, set streamed', times.streamed],
  ]
  const rows = named.map(([name, { ms }]) => [
    name,
    ms.toFixed(1),
    (1000 / ms).toFixed(2),
    `${(100 * (ms / times.bare.ms - 1)).toFixed(1)} %`,
  ])
  return {
    title: 'deep-convnet: does the data keep up?',
    text: table(['', 'ms a step', 'steps a second', 'slower'], rows),
    lines: named.map(([name, time]) => ownLine(origin(open), `deep-convnet, ${name}`, time)),
  }
}

async function firstStepSection(open: OpenGpu): Promise<Section> {
  const { coldMs, warmMs } = await firstSteps()
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  return {
    title: 'deep-convnet: from the start of a process to the end of its first step',
    text: table(
      ['', 's'],
      [
        ['nothing remembered by the driver', seconds(coldMs)],
        ['shaders remembered by the driver', seconds(warmMs)],
      ],
    ),
    lines: [
      ownLine(origin(open), 'deep-convnet, first step, cold', timing([coldMs])),
      ownLine(origin(open), 'deep-convnet, first step, remembered', timing([warmMs])),
    ],
  }
}

export function origin({ name, software }: Pick<OpenGpu, 'name' | 'software'>): Origin {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  }).trim()
  return { commit, date: new Date().toISOString(), adapter: name, software }
}

/** The peers are heavy and only the benchmark wants them, so they are fetched when it first runs. */
export function fetchPeers(): void {
  const folder = join(import.meta.dirname, '..', 'peers')
  if (existsSync(join(folder, 'node_modules'))) return
  console.log('Fetching TensorFlow.js and jax-js ...')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' })
}

function rooflineText({ gflops, gigabytes, dispatchMicroseconds }: Roofline): string {
  return `Roofline of this run: ${gflops.toFixed(1)} GFLOP/s of multiply-adds, ${gigabytes.toFixed(1)} GB/s, ${dispatchMicroseconds.toFixed(1)} us a dispatch.`
}

/** With a head line that says where, when and how it was measured. */
export function sectionText(
  { commit, date, adapter, software }: Origin,
  how: string,
  { title, text }: Pick<Section, 'title' | 'text'>,
  roofline = '',
): string {
  return [
    `### ${title}`,
    `${date.slice(0, 10)}, commit ${commit}: **${adapter}**${software ? ', a **software GPU**' : ''}, ${how}. ${roofline}`.trimEnd(),
    text,
  ].join('\n\n')
}
