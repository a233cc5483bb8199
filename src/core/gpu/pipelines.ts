// Compiled pipelines of one GPUDevice, by the text of the shader. A failed compilation is not remembered.

import { CoreError } from '../error.ts'
import { shaderStage } from './constants.ts'
import { accessOf, type Kernel } from '../kernels/kernel.ts'
import { shaderText, type Module } from './wgsl.ts'

export interface Compiled {
  readonly pipeline: GPUComputePipeline
  readonly layout: GPUBindGroupLayout
}

export interface PipelineCache {
  /** Rejects with CoreError 'shader-failed' naming the kernel, the line and the compiler's words. */
  get(module: Module): Promise<Compiled>
}

export function createPipelineCache(gpu: GPUDevice): PipelineCache {
  const compiled = new Map<string, Promise<Compiled>>()
  return {
    get(module) {
      const text = shaderText(module)
      const known = compiled.get(text)
      if (known) return known
      const pending = compile(gpu, module.kernel, text)
      compiled.set(text, pending)
      pending.catch(() => compiled.delete(text))
      return pending
    },
  }
}

async function compile(gpu: GPUDevice, kernel: Kernel, text: string): Promise<Compiled> {
  const layout = gpu.createBindGroupLayout({ label: kernel.name, entries: layoutEntries(kernel) })
  gpu.pushErrorScope('validation')
  const module = gpu.createShaderModule({ label: kernel.name, code: text })
  const creating = gpu.createComputePipelineAsync({
    label: kernel.name,
    layout: gpu.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: 'main' },
  })
  const scope = gpu.popErrorScope()
  try {
    const pipeline = await creating
    await scope
    return { pipeline, layout }
  } catch (error) {
    await scope
    throw await compileError(kernel, module, text, error)
  }
}

function layoutEntries(kernel: Kernel): GPUBindGroupLayoutEntry[] {
  const accesses = Object.values(kernel.bindings).map(accessOf)
  const entries: GPUBindGroupLayoutEntry[] = accesses.map((access, binding) => ({
    binding,
    visibility: shaderStage.compute,
    buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
  }))
  if (kernel.step)
    entries.push({
      binding: accesses.length,
      visibility: shaderStage.compute,
      buffer: { type: 'uniform', hasDynamicOffset: true },
    })
  return entries
}

async function compileError(kernel: Kernel, module: GPUShaderModule, text: string, error: unknown): Promise<CoreError> {
  const { messages } = await module.getCompilationInfo()
  const first = messages.find(message => message.type === 'error')
  const reason = first
    ? `line ${first.lineNum}: ${first.message} in "${text.split('\n')[first.lineNum - 1]?.trim()}"`
    : String(error)
  return new CoreError(
    'shader-failed',
    `The shader ${kernel.name} does not compile on this GPU, ${reason}.`,
    'Report this message; training on the CPU still works.',
  )
}
