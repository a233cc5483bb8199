// `npm run bench -- cpu`: the CPU device beside the reference device, Winnow on a GPU that Dawn finds (a software one as
// a rule), PyTorch on as many threads, and its kernels as a share of what the machine does at most.

import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { cpuConfigurations } from '../frameworks/names.ts'
import { torchDevices } from '../frameworks/torch.ts'
import { appendResults, table, type Origin, type ResultLine } from '../measuring/results.ts'
import { flopPerStep } from '../measuring/work.ts'
import { race, type Finish } from '../training/race.ts'
import { workload, type WorkloadName } from '../training/workload.ts'
import { timeForward, type ForwardTime } from './forward.ts'
import { timeCpuKernels, type CpuKernelTime } from './kernels.ts'
import { openYardstick } from './roofline.ts'

const usual: readonly WorkloadName[] = ['deep-convnet', 'photo-convnet', 'resnet18']

/** Take seconds to minutes a step: two losses of them are compared and one step is timed. */
const slow: readonly string[] = ['winnow reference', 'jax-js wasm']

/** ONNX Runtime's number of threads is chosen once a process, so each is asked for by itself. */
const forwardThreads: Readonly<Record<string, number>> = { forward: availableParallelism(), 'forward-single': 1 }

/** `only`: "kernels", "forward", "forward-single" or workloads. `frameworks`: names of configurations. */
export async function benchCpu({
  only = ['kernels', ...usual],
  frameworks,
}: {
  readonly only?: readonly string[] | undefined
  readonly frameworks?: readonly string[] | undefined
}): Promise<void> {
  const yardstick = openYardstick()
  const { gflops, gigabytes } = yardstick.measure()
  console.log(
    `${origin().adapter}; one thread: ${gflops.toFixed(1)} GFLOP/s, ${gigabytes.toFixed(1)} GB/s; load ${loadavg()[0]!.toFixed(1)}`,
  )
  for (const name of only) {
    if (name === 'kernels') reportKernels(await timeCpuKernels(yardstick, 41))
    else if (name in forwardThreads) reportForward(await timeForward(forwardThreads[name]!, 15))
    else await reportSteps(name as WorkloadName, gflops, frameworks)
  }
}

function reportKernels(times: readonly CpuKernelTime[]): void {
  const rows = times.map(({ name, ms, share, bound }) => [
    name,
    ms.toFixed(2),
    `${(100 * share).toFixed(0)} % of ${bound}`,
  ])
  console.log(table(['kernel, one thread', 'ms', 'share of the thread'], rows))
  appendResults(
    times.map(({ name, ms, spread, share }) => line(name, 'winnow', 'winnow cpu single', ms, spread, share)),
  )
}

function reportForward(times: readonly ForwardTime[]): void {
  const rows = times.map(({ name, threads, winnow, onnxruntime }) => [
    name,
    String(threads),
    winnow.ms.toFixed(1),
    onnxruntime.ms.toFixed(1),
    (onnxruntime.ms / winnow.ms).toFixed(2),
  ])
  console.log(table(['', 'threads', 'CPU device, ms', 'ONNX Runtime, ms', 'times as fast'], rows))
  appendResults(
    times.flatMap(({ name, threads, winnow, onnxruntime }) => {
      const kind = threads === 1 ? 'single' : `${threads} threads`
      return [
        line(name, 'winnow', `winnow cpu ${kind}`, winnow.ms, winnow.spread, null),
        line(name, 'onnxruntime', `onnxruntime-web wasm ${kind}`, onnxruntime.ms, onnxruntime.spread, null),
      ]
    }),
  )
}

async function reportSteps(name: WorkloadName, gflops: number, frameworks?: readonly string[]): Promise<void> {
  const load = workload(name)
  const hasTorch = torchDevices().includes('cpu')
  const there = cpuConfigurations.filter(({ framework }) => framework !== 'torch-cpu' || hasTorch)
  const of = (names: readonly string[] | undefined) =>
    there.filter(({ name: own }) => own === 'winnow cpu' || (names ? names.includes(own) : !slow.includes(own)))
  const finishes = [
    ...(await race(of(frameworks), name, { checked: 20, steps: 4, blocks: 5, blockMs: 4_000 }, console.log)),
    ...(frameworks ? [] : (await race(of(slow), name, { checked: 2, steps: 1, blocks: 1 }, console.log)).slice(1)),
  ]
  const flop = flopPerStep(load)
  const ours = finishes.find(({ configuration }) => configuration.name === 'winnow cpu')
  const rows = finishes.map(({ configuration, msPerStep, spread, cpuMsPerStep }) => [
    configuration.name,
    msPerStep.toFixed(1),
    spread.map(ms => ms.toFixed(1)).join(' - '),
    cpuMsPerStep === undefined ? '' : (cpuMsPerStep / msPerStep).toFixed(2),
    (flop / msPerStep / 1e6).toFixed(1),
    ours ? (msPerStep / ours.msPerStep).toFixed(2) : '',
  ])
  const head = ['', 'ms a step', 'blocks', 'threads busy', 'GFLOP/s', "of the CPU device's time"]
  console.log(`\n### ${load.name}\n\n${table(head, rows)}`)
  appendResults(finishes.map(finish => stepResult(load.name, finish, flop, gflops)))
}

function stepResult(
  name: string,
  { configuration, msPerStep, spread }: Finish,
  flop: number,
  gflops: number,
): ResultLine {
  const threads = configuration.name.endsWith('single') ? 1 : cpus().length
  const share = flop / msPerStep / 1e6 / (gflops * threads)
  return line(name, configuration.framework, configuration.name, msPerStep, spread, share)
}

function line(
  name: string,
  framework: ResultLine['framework'],
  configuration: string,
  msPerStep: number,
  spread: readonly [number, number],
  shareOfPeak: number | null,
): ResultLine {
  const uncounted = { dispatches: null, submits: null, readbacks: null, buffers: null }
  return { ...origin(), workload: name, framework, configuration, msPerStep, spread, ...uncounted, shareOfPeak }
}

function origin(): Origin {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const adapter = `${cpus()[0]!.model}, ${cpus().length} cores`
  return { commit, date: new Date().toISOString(), adapter, software: true }
}
