// The text that is compiled: a prelude of constants, the included snippets, then the kernel's own source.
// A kernel's file stays readable as it is; nothing in it is replaced except the `#include` lines.

import { CoreError } from '../error.ts'
import activationSource from '../../../shaders/lib/activation.wgsl?raw'
import gradientSource from '../../../shaders/lib/gradient.wgsl?raw'
import indexSource from '../../../shaders/lib/index.wgsl?raw'
import philoxSource from '../../../shaders/lib/philox.wgsl?raw'
import stepSource from '../../../shaders/lib/step.wgsl?raw'
import sumSource from '../../../shaders/lib/sum.wgsl?raw'
import windowSource from '../../../shaders/lib/window.wgsl?raw'
import { storeAsHalf } from './half.ts'
import { plainConstants, type Constants, type Kernel } from '../kernels/kernel.ts'
import { plainTarget, type Target } from '../kernels/target.ts'

const snippets: Readonly<Record<string, string>> = {
  'lib/activation.wgsl': activationSource,
  'lib/gradient.wgsl': gradientSource,
  'lib/index.wgsl': indexSource,
  'lib/philox.wgsl': philoxSource,
  'lib/step.wgsl': stepSource,
  'lib/sum.wgsl': sumSource,
  'lib/window.wgsl': windowSource,
}

/** What a module is written from: a kernel, the constants of a call, a kind of device, and the bindings that hold f16.
 */
export interface Module {
  readonly kernel: Kernel
  readonly constants: Constants
  readonly target?: Target
  readonly halves?: readonly string[]
}

/** The whole WGSL module. */
export function shaderText({ kernel, constants, target = plainTarget, halves = [] }: Module): string {
  const body = typeof kernel.source === 'string' ? kernel.source : kernel.source(plainConstants(constants), target)
  const included = new Set<string>()
  const expanded = body.replace(/^#include "(.+)"$/gm, (_, name: string) => {
    included.add(name)
    return snippet(kernel.name, name)
  })
  const enables = [...(expanded.match(/^enable .*;$/gm) ?? []), ...(halves.length > 0 ? ['enable f16;'] : [])] // WGSL wants them before everything else
  const rest = storeAsHalf(expanded.replace(/^enable .*;\n/gm, ''), halves)
  return [`// ${kernel.name}`, ...enables, ...constantLines(constants), ...stepBinding(kernel, included), rest].join(
    '\n',
  )
}

function snippet(kernelName: string, name: string): string {
  const text = snippets[name]
  if (text === undefined) {
    throw new CoreError(
      'shader-failed',
      `The kernel ${kernelName} includes "${name}", which is not in shaders/lib.`,
      'List the snippet in src/core/gpu/wgsl.ts.',
    )
  }
  return text
}

function constantLines(constants: Constants): string[] {
  return Object.entries(constants).map(([name, value]) =>
    typeof value === 'number' ? `const ${name} = ${value}u;` : `const ${name} = ${floatLiteral(value.float)};`,
  )
}

function floatLiteral(value: number): string {
  const text = String(value)
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`
}

function stepBinding(kernel: Kernel, included: Set<string>): string[] {
  if (!kernel.step) return []
  const binding = Object.keys(kernel.bindings).length
  const declaration = `@group(0) @binding(${binding}) var<uniform> step: Step;`
  return included.has('lib/step.wgsl') ? [declaration] : [stepSource, declaration]
}
