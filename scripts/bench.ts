// `npm run bench`: Winnow beside TensorFlow.js, jax-js and PyTorch on the GPU that Dawn finds, its kernels against a roofline of the same run.
// Writes lines to test/bench/results.jsonl and, when all was measured, the tables of docs/benchmarks.md.
//   -- --quick   fewer steps and kernels: five minutes on two free cores with the software GPU
//   -- --only kernels,deep-convnet,deep-convnet-bn,photo-convnet,resnet18,tiny,evaluation,loader,first-step,long   some parts
//   -- --frameworks winnow,tfjs   some of the frameworks
//   -- --browser [--only tiny]    the steps of the web frameworks in Chromium (test/bench/browser)
// Other subjects:
//   -- margins   what the margin trace takes of a training
<<<<<<< HEAD
//   -- page [--photos N] [--only scroll,keys,train]   the page on 100,000 photos in Chromium instead (test/bench/page)
//   -- start [--rounds N]   from the start of the service to photos on screen in Chromium (test/bench/page/start.ts)
//   -- library   another subject: see test/bench/library/run.ts
=======
//   -- page [--photos N] [--only scroll,keys,train]   the page on 100,000 photos in Chromium (test/bench/page)
//   -- library   see test/bench/library/run.ts
>>>>>>> f98e334 (Benchmark: every workload in Winnow, TensorFlow.js, jax-js and PyTorch, kernels beside TensorFlow.js's, evaluation, loader, first step, and the same in Chromium)

import { parseArgs } from 'node:util'
<<<<<<< HEAD
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
=======
import '../test/bench/raw-imports.ts' // from here on shaders can be imported, so what follows comes in when it is wanted
>>>>>>> f98e334 (Benchmark: every workload in Winnow, TensorFlow.js, jax-js and PyTorch, kernels beside TensorFlow.js's, evaluation, loader, first step, and the same in Chromium)

if (process.argv[2] === 'library') {
  const { benchLibrary } = await import('../test/bench/library/run.ts')
  process.exit(await benchLibrary(process.argv.slice(3)))
}
const { values: options, positionals } = parseArgs({
<<<<<<< HEAD
  allowPositionals: true, options: { quick: { type: 'boolean' }, only: { type: 'string' }, frameworks: { type: 'string' }, photos: { type: 'string' }, rounds: { type: 'string' } },
=======
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, frameworks: { type: 'string' }, photos: { type: 'string' }, browser: { type: 'boolean' } },
>>>>>>> f98e334 (Benchmark: every workload in Winnow, TensorFlow.js, jax-js and PyTorch, kernels beside TensorFlow.js's, evaluation, loader, first step, and the same in Chromium)
})
const [only, frameworks] = [options.only?.split(','), options.frameworks?.split(',')]
if (positionals[0] === 'page') {
  const { benchPage, reportPage } = await import('../test/bench/page/bench.ts')
  const photos = Number(options.photos ?? 100_000)
  reportPage(await benchPage({ photos, only: only ?? [] }), photos)
} else if (positionals[0] === 'margins') {
  await import('../test/bench/margins.ts')
} else if (options.browser) {
  const { benchBrowser } = await import('../test/bench/browser/bench.ts')
  await benchBrowser({ only, frameworks })
} else {
  const { benchCore } = await import('../test/bench/core.ts')
  await benchCore({ quick: options.quick ?? false, only, frameworks })
}
<<<<<<< HEAD
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
=======
>>>>>>> f98e334 (Benchmark: every workload in Winnow, TensorFlow.js, jax-js and PyTorch, kernels beside TensorFlow.js's, evaluation, loader, first step, and the same in Chromium)
process.exit(0)
