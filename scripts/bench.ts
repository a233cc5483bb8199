// `npm run bench`: Winnow beside TensorFlow.js, jax-js and PyTorch on the GPU that Dawn finds, its kernels against a
// roofline of the same run. Writes lines to test/bench/results.jsonl and, where no framework was left out by choice,
// the section of each part in docs/benchmarks.md.
//   -- --quick   fewer steps and kernels: five minutes on two free cores with the software GPU
//   -- --only kernels,deep-convnet,deep-convnet-bn,photo-convnet,resnet18,tiny,evaluation,loader,first-step   some parts
//   -- --frameworks winnow,tfjs   some of the frameworks
//   -- --precision f16   Winnow in half precision as well, beside itself
//   -- --browser [--only tiny]    the steps of the web frameworks in Chromium (test/bench/browser)
// Other subjects:
//   -- calls [--only deep-convnet]   what a step costs the program's thread, and how much of it is the submit
//   -- profile [--only resnet9,...] [--size 128] [--channels 1] [--batch 32] [--precision f16]   each dispatch of a training step by itself
//   -- cpu [--only kernels,forward,deep-convnet] [--frameworks "winnow reference"]   the CPU device beside PyTorch and the reference (test/bench/cpu)
//   -- margins   what the margin trace takes of a training
//   -- page [--photos N] [--only scroll,keys,train]   the page on 100,000 photos in Chromium (test/bench/page)
//   -- start [--rounds N]   from the start of the service to photos on screen in Chromium (test/bench/page/start.ts)
//   -- first-model   from the first start to a model trained on the sample library in Chromium (test/bench/page/first-model.ts)
//   -- library   see test/bench/library/run.ts

import { parseArgs } from 'node:util'
import '../test/bench/raw-imports.ts' // from here on shaders can be imported, so what follows comes in when it is wanted

if (process.argv[2] === 'library') {
  const { benchLibrary } = await import('../test/bench/library/run.ts')
  process.exit(await benchLibrary(process.argv.slice(3)))
}
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    frameworks: { type: 'string' },
    photos: { type: 'string' },
    browser: { type: 'boolean' },
    rounds: { type: 'string' },
    precision: { type: 'string' },
    size: { type: 'string' },
    channels: { type: 'string' },
    batch: { type: 'string' },
  },
})
if (options.precision !== undefined && options.precision !== 'f16')
  throw new Error(`The benchmark knows no precision "${options.precision}" besides its own: leave it out, or take f16.`)
const [only, frameworks] = [options.only?.split(','), options.frameworks?.split(',')]
if (positionals[0] === 'page') {
  const { benchPage, reportPage } = await import('../test/bench/page/bench.ts')
  const photos = Number(options.photos ?? 100_000)
  reportPage(await benchPage({ photos, only: only ?? [] }), photos)
} else if (positionals[0] === 'start') {
  const { reportStart } = await import('../test/bench/page/start.ts')
  await reportStart(Number(options.rounds ?? 7))
} else if (positionals[0] === 'first-model') {
  const { reportFirstModel } = await import('../test/bench/page/first-model.ts')
  await reportFirstModel()
} else if (positionals[0] === 'calls') {
  const { benchCalls } = await import('../test/bench/calls.ts')
  await benchCalls({ only })
} else if (positionals[0] === 'profile') {
  const { profileStep } = await import('../test/bench/kernels/profile.ts')
  for (const preset of only ?? ['resnet9'])
    await profileStep({
      preset,
      size: Number(options.size ?? 128),
      channels: Number(options.channels ?? 1),
      batch: Number(options.batch ?? 32),
      precision: options.precision ?? 'f32',
    })
} else if (positionals[0] === 'cpu') {
  const { benchCpu } = await import('../test/bench/cpu/bench.ts')
  await benchCpu({ only, frameworks })
} else if (positionals[0] === 'margins') {
  await import('../test/bench/training/margins.ts')
} else if (options.browser) {
  const { benchBrowser } = await import('../test/bench/browser/bench.ts')
  await benchBrowser({ only, frameworks })
} else {
  const { benchCore } = await import('../test/bench/training/bench.ts')
  await benchCore({ quick: options.quick ?? false, only, frameworks, half: options.precision === 'f16' })
}
process.exit(0)
