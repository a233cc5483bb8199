// What `npm run bench` measures of the core: kernels against a roofline and TensorFlow.js, the steps of every workload in all frameworks,
// evaluation, the loader, the first step. Each part gives lines for results.jsonl and a section for docs/benchmarks.md.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { timeEvaluation, wholeTrainingMs } from './evaluation.ts'
import { firstSteps } from './first-step.ts'
import { configurations, halfPrecision, type Configuration } from './frameworks/names.ts'
import { nodePeers } from './frameworks/node-peers.ts'
import { torchDevices } from './frameworks/torch.ts'
import { openGpu, type OpenGpu } from './gpu.ts'
import { kernelTrials, timeKernels } from './kernels.ts'
import { timeLoader } from './loader.ts'
import { openTfjsKernels } from './peer-kernels.ts'
import { race, type RacePlan } from './race.ts'
import { appendResults, kernelLines, kernelTable, stepLine, stepTable, table, writeTable, type Origin, type ResultLine } from './results.ts'
import { measureRoofline, prepareYardstick, type Roofline } from './roofline.ts'
import { openStopwatch } from './stopwatch.ts'
import { flopPerStep } from './work.ts'
import { workload, workloadNames, type WorkloadName } from './workload.ts'

export const parts = ['kernels', ...workloadNames, 'evaluation', 'loader', 'first-step', 'long'] as const
export type Part = (typeof parts)[number]
const quickParts: readonly Part[] = ['kernels', 'deep-convnet', 'deep-convnet-bn', 'evaluation']
const fullParts: readonly Part[] = parts.filter(part => part !== 'tiny')

export interface CoreBenchOptions {
  readonly quick: boolean
  /** Default: those of a quick or a full run; only then are the tables of docs/benchmarks.md replaced. */
  readonly only?: readonly string[] | undefined
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
  if (open.software) console.log('A SOFTWARE GPU: what follows ranks programs on this machine; it says nothing of a real GPU.')
  fetchPeers()
  const roofline = await rooflineOf(open)
  console.log(rooflineText(roofline))
  const sections: Section[] = []
  for (const part of (options.only as readonly Part[] | undefined) ?? (options.quick ? quickParts : fullParts)) {
    const section = await sectionOf(part, open, roofline, options)
    console.log(`\n### ${section.title}\n\n${section.text}`)
    appendResults(section.lines)
    sections.push(section)
  }
  if (!options.only && !options.frameworks) writeTable(pageText(open, roofline, sections, options.quick))
}

function sectionOf(part: Part, open: OpenGpu, roofline: Roofline, options: CoreBenchOptions): Promise<Section> {
  switch (part) {
    case 'kernels': return kernelSection(open, options)
    case 'evaluation': return evaluationSection(open, options.quick)
    case 'long': return evaluationSection(open, false)
    case 'loader': return loaderSection(open)
    case 'first-step': return firstStepSection()
    default: return stepSection(part, open, roofline, options)
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
  const times = await timeKernels(watch, watch.target(open.software), await prepareYardstick(watch, scaleOf(open)), kernelTrials(quick), quick ? 3 : 15, peer)
  watch.close()
  return { title: 'Kernels', text: kernelTable(times), lines: times.flatMap(time => kernelLines(origin(open), time)) }
}

async function stepSection(name: WorkloadName, open: OpenGpu, { gflops }: Roofline, { quick, frameworks, half = false }: CoreBenchOptions): Promise<Section> {
  const load = workload(name)
  const devices = torchDevices()
  const all: readonly Configuration[] = half ? [configurations[0], halfPrecision, ...configurations.slice(1)] : configurations
  const there = all.filter(({ framework }) => !framework.startsWith('torch') || devices.some(device => framework === `torch-${device}`))
  const chosen = there.filter(configuration => (frameworks ? frameworks.includes(configuration.framework) : !quick || !configuration.name.includes('documented')))
  const finishes = await race(chosen, name, planFor(name, open.software, quick), text => console.log(text))
  const flop = flopPerStep(load)
  return { title: load.name, text: stepTable(finishes, flop, gflops), lines: finishes.map(finish => stepLine(origin(open), load.name, finish, flop, gflops)) }
}

/** On a software GPU a step of a peer takes up to half a minute, and a workload should end within a quarter of an hour. */
function planFor(name: WorkloadName, software: boolean, quick: boolean): RacePlan {
  if (!software) return { checked: 20, steps: 200, blocks: 5 }
  const checkMs = 90_000
  if (name === 'resnet18' || name === 'photo-convnet') return { checked: quick ? 3 : 20, checkMs, steps: 1, blocks: 3 }
  return { checked: quick ? 4 : 20, checkMs, steps: quick ? 2 : 10, blocks: quick ? 3 : 5 }
}

async function evaluationSection(open: OpenGpu, quick: boolean): Promise<Section> {
  const times = await timeEvaluation(await openGpu(), quick ? 1 : 3, quick ? 0.256 : 1)
  const rows = [
    ['one training step, batch 100', `${times.stepMs.toFixed(1)} ms`], ['evaluation of 10,000 photos', `${times.evaluationMs.toFixed(0)} ms`],
    ['evaluation in training steps (must: 40)', (times.evaluationMs / times.stepMs).toFixed(1)],
    ['12,000 iterations with all evaluation, reckoned from these', `${(wholeTrainingMs(times) / 60_000).toFixed(1)} minutes${open.software ? ' on this software GPU' : ''}`],
  ]
  return { title: 'deep-convnet: evaluation, and the whole training', text: table(['', ''], rows), lines: [] }
}

async function loaderSection(open: OpenGpu): Promise<Section> {
  const { bare, loop, streamed } = await timeLoader(openGpu, 3, open.software ? 8 : 200)
  const row = (name: string, ms: number) => [name, ms.toFixed(1), (1000 / ms).toFixed(2), `${(100 * (ms / bare - 1)).toFixed(1)} %`]
  const rows = [row('made-up data on the GPU, bare steps', bare), row('training loop, set on the GPU', loop), row('training loop, set streamed', streamed)]
  return { title: 'deep-convnet: does the data keep up?', text: table(['', 'ms a step', 'steps a second', 'slower'], rows), lines: [] }
}

async function firstStepSection(): Promise<Section> {
  const { coldMs, warmMs } = await firstSteps()
  return {
    title: 'deep-convnet: from the start of a process to the end of its first step',
    text: table(['', 's'], [['nothing remembered by the driver', (coldMs / 1000).toFixed(1)], ['shaders remembered by the driver', (warmMs / 1000).toFixed(1)]]), lines: [],
  }
}

export function origin({ name, software }: Pick<OpenGpu, 'name' | 'software'>): Origin {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
  return { commit, date: new Date().toISOString(), adapter: name, software }
}

/** The peers are heavy and only the benchmark wants them, so they are fetched when it first runs. */
export function fetchPeers(): void {
  const folder = join(import.meta.dirname, 'peers')
  if (existsSync(join(folder, 'node_modules'))) return
  console.log('Fetching TensorFlow.js and jax-js ...')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' })
}

function rooflineText({ gflops, gigabytes, dispatchMicroseconds }: Roofline): string {
  return `Roofline of this run: ${gflops.toFixed(1)} GFLOP/s of multiply-adds, ${gigabytes.toFixed(1)} GB/s, ${dispatchMicroseconds.toFixed(1)} us a dispatch.`
}

function pageText(open: OpenGpu, roofline: Roofline, sections: readonly Section[], quick: boolean): string {
  const { commit, date } = origin(open)
  return [
    `${date.slice(0, 10)}, commit ${commit}, Node ${process.version}, ${process.platform}: **${open.name}**${open.software ? ', a **software GPU**' : ''}${quick ? ', quick run' : ''}. `
    + 'TensorFlow.js 4.22.0, jax-js 0.1.25.',
    rooflineText(roofline), ...sections.flatMap(({ title, text }) => [`### ${title}`, text]),
    ...(open.software ? ['A real GPU: nobody had one at hand, so there are no figures.'] : []),
  ].join('\n\n')
}
