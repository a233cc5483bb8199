// Counts what a framework asks of WebGPU, by wrapping the methods of its classes. The same for every framework.

export interface Counts {
  dispatches: number
  submits: number
  readbacks: number
  /** Buffers and bind groups made. */
  buffers: number
  bindGroups: number
}

const watched: readonly (readonly [className: string, method: string, count: keyof Counts])[] = [
  ['GPUComputePassEncoder', 'dispatchWorkgroups', 'dispatches'],
  ['GPUComputePassEncoder', 'dispatchWorkgroupsIndirect', 'dispatches'],
  ['GPUQueue', 'submit', 'submits'],
  ['GPUBuffer', 'mapAsync', 'readbacks'],
  ['GPUDevice', 'createBuffer', 'buffers'],
  ['GPUDevice', 'createBindGroup', 'bindGroups'],
]

/** Wraps the classes among the globals once; the counts run on from then. */
export function countCalls(): Readonly<Counts> {
  const counts: Counts = { dispatches: 0, submits: 0, readbacks: 0, buffers: 0, bindGroups: 0 }
  for (const [className, method, count] of watched) {
    const { prototype } = (
      globalThis as unknown as Record<string, { prototype: Record<string, (...args: unknown[]) => unknown> }>
    )[className]!
    const original = prototype[method]!
    prototype[method] = function (this: unknown, ...args: unknown[]) {
      counts[count]++
      return original.apply(this, args)
    }
  }
  return counts
}

/** Per step, rounded to tenths. */
export function perStep(before: Counts, after: Counts, steps: number): Counts {
  const rate = (name: keyof Counts) => Math.round(((after[name] - before[name]) / steps) * 10) / 10
  return {
    dispatches: rate('dispatches'),
    submits: rate('submits'),
    readbacks: rate('readbacks'),
    buffers: rate('buffers'),
    bindGroups: rate('bindGroups'),
  }
}
