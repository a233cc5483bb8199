// `npm run bench`: the training step of Winnow, TensorFlow.js and jax-js side by side on the GPU that Dawn finds, then the hot
// kernels against a roofline measured in the same run. Writes lines to test/bench/results.jsonl and the tables of docs/benchmarks.md.
//   -- --quick   fewer steps and kernels: five minutes on two free cores with the software GPU
//   -- --only kernels | steps   one half;   --frameworks winnow,tfjs   some of the frameworks
//   -- margins   what the margin trace takes of a training
//   -- page [--photos N] [--only scroll,keys,train]   the page on 100,000 photos in Chromium instead (test/bench/page)
//   -- start [--rounds N]   from the start of the service to photos on screen in Chromium (test/bench/page/start.ts)
//   -- library   another subject: see test/bench/library/run.ts

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { configurations } from '../test/bench/frameworks/names.ts'
import { openGpu, type OpenGpu } from '../test/bench/gpu.ts'
import { kernelTrials, timeKernels } from '../test/bench/kernels.ts'
import { race } from '../test/bench/race.ts'
import { appendResults, kernelTable, stepTable, writeTable, type ResultLine } from '../test/bench/results.ts'
import { benchPage, reportPage } from '../test/bench/page/bench.ts'
import { reportStart } from '../test/bench/page/start.ts'
import { measureRoofline, prepareYardstick, type Roofline } from '../test/bench/roofline.ts'
import { openStopwatch } from '../test/bench/stopwatch.ts'
import { flopPerStep } from '../test/bench/work.ts'

const root = join(import.meta.dirname, '..')
if (process.argv[2] === 'library') {
  const { benchLibrary } = await import('../test/bench/library/run.ts')
  process.exit(await benchLibrary(process.argv.slice(3)))
}
const { values: options, positionals } = parseArgs({
  allowPositionals: true, options: { quick: { type: 'boolean' }, only: { type: 'string' }, frameworks: { type: 'string' }, photos: { type: 'string' }, rounds: { type: 'string' } },
})
if (positionals[0] === 'page') {
  const photos = Number(options.photos ?? 100_000)
  reportPage(await benchPage({ photos, only: options.only?.split(',') ?? [] }), photos)
  process.exit(0)
}
if (positionals[0] === 'start') {
  await reportStart(Number(options.rounds ?? 7))
  process.exit(0)
}
if (positionals[0] === 'margins') {
  const { status } = spawnSync(process.execPath, ['--import', join(root, 'test', 'bench', 'raw-imports.ts'), join(root, 'test', 'bench', 'margins.ts')], { stdio: 'inherit' })
  process.exit(status ?? 1)
}
const quick = options.quick ?? false
const open = await openGpu()
if (open.software) console.log('A SOFTWARE GPU: what follows ranks programs on this machine; it says nothing of a real GPU.')
const { gflops, roofline, kernels } = await measureKernels(open)
const steps = options.only === 'kernels' ? [] : await measureSteps(open, gflops)
appendResults([...steps, ...kernels])
if (!options.only && !options.frameworks) writeTable(page(open, roofline, steps, kernels))
process.exit(0)

async function measureKernels(gpu: OpenGpu): Promise<{ gflops: number; roofline: Roofline; kernels: ResultLine[] }> {
  const watch = await openStopwatch(gpu.adapter)
  const scale = gpu.software ? 1 : 100
  const roofline = await measureRoofline(watch, scale)
  console.log(`${gpu.name}: ${roofline.gflops.toFixed(1)} GFLOP/s, ${roofline.gigabytes.toFixed(1)} GB/s, ${roofline.dispatchMicroseconds.toFixed(1)} us a dispatch`)
  const times = options.only === 'steps' ? [] : await timeKernels(watch, watch.target(gpu.software), await prepareYardstick(watch, scale), kernelTrials(quick), quick ? 5 : 15)
  watch.close()
  const kernels = times.map(({ name, variant, ms, spread, shareOfPeak }): ResultLine => ({
    ...common(gpu), workload: name, framework: 'winnow', configuration: variant, msPerStep: ms, spread, shareOfPeak,
  }))
  if (kernels.length > 0) console.log(kernelTable(kernels))
  return { gflops: roofline.gflops, roofline, kernels }
}

async function measureSteps(gpu: OpenGpu, peak: number): Promise<ResultLine[]> {
  await fetchPeers()
  const only = options.frameworks?.split(',')
  const chosen = configurations.filter(({ framework, name }) => (only ? only.includes(framework) : !quick || !name.includes('documented')))
  const plan = gpu.software ? { checked: quick ? 5 : 20, steps: quick ? 3 : 10, blocks: quick ? 3 : 5 } : { checked: 20, steps: 200, blocks: 5 }
  const finishes = await race(chosen, plan, text => console.log(text))
  const lines = finishes.map(({ configuration, counts, msPerStep, spread, cpuMsPerStep }): ResultLine => ({
    ...common(gpu), workload: 'deep-convnet 28 x 28, batch 100, Adam', framework: configuration.framework, configuration: configuration.name,
    msPerStep, spread, ...counts, cpuMsPerStep, shareOfPeak: flopPerStep() / msPerStep / 1e6 / peak,
  }))
  console.log(stepTable(lines))
  return lines
}

function common({ name, software }: OpenGpu): Pick<ResultLine, 'commit' | 'date' | 'adapter' | 'software'> {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  return { commit, date: new Date().toISOString(), adapter: name, software }
}

/** The peers are heavy and only the benchmark wants them, so they are fetched when it first runs. */
async function fetchPeers(): Promise<void> {
  const folder = join(root, 'test', 'bench', 'peers')
  if (existsSync(join(folder, 'node_modules'))) return
  console.log('Fetching TensorFlow.js and jax-js ...')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' })
}

function page(gpu: OpenGpu, { gflops, gigabytes, dispatchMicroseconds }: Roofline, steps: readonly ResultLine[], kernels: readonly ResultLine[]): string {
  const { commit, date } = kernels[0]!
  return [
    `${date.slice(0, 10)}, commit ${commit}, Node ${process.version}, ${process.platform}: **${gpu.name}**${gpu.software ? ', a **software GPU**' : ''}.`,
    `Roofline of this run: ${gflops.toFixed(1)} GFLOP/s of multiply-adds, ${gigabytes.toFixed(1)} GB/s, ${dispatchMicroseconds.toFixed(1)} us a dispatch.`,
    `### ${steps[0]!.workload}`, stepTable(steps), '### Kernels', kernelTable(kernels),
  ].join('\n\n')
}
