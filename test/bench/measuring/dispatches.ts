// The dispatches of a step, taken down by wrapping the methods of the pass.

import type { Dispatch } from './stopwatch.ts'

type Methods = Record<
  'setPipeline' | 'setBindGroup' | 'dispatchWorkgroups',
  (this: unknown, ...args: unknown[]) => unknown
>

/** What `run` dispatches. */
export function dispatchesOf(run: () => void): Dispatch[] {
  const { prototype } = (globalThis as unknown as { GPUComputePassEncoder: { prototype: Methods } })
    .GPUComputePassEncoder
  const originals = pick(prototype)
  const found: Dispatch[] = []
  let now: Partial<Dispatch> = {}
  const watch = (name: keyof Methods, note: (args: unknown[]) => void) => {
    prototype[name] = function (...args) {
      note(args)
      return originals[name].apply(this, args)
    }
  }
  watch('setPipeline', ([pipeline]) => (now = { ...now, pipeline: pipeline as GPUComputePipeline }))
  watch(
    'setBindGroup',
    ([, bindGroup, offsets]) =>
      (now = { ...now, bindGroup: bindGroup as GPUBindGroup, offsets: offsets as readonly number[] | undefined }),
  )
  watch('dispatchWorkgroups', grid => found.push({ ...now, grid: grid as [number, number, number] } as Dispatch))
  try {
    run()
    return found
  } finally {
    Object.assign(prototype, originals)
  }
}

function pick({ setPipeline, setBindGroup, dispatchWorkgroups }: Methods): Methods {
  return { setPipeline, setBindGroup, dispatchWorkgroups }
}
