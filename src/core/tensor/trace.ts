// The trace of one step: which kernels run, in which order, over which tensors. Building a model for a batch shape
// records one trace; plan.ts gives its tensors memory. The tape inside records how gradients flow back and is walked
// once.

import { CoreError } from '../error.ts'
import { addKernel } from '../kernels/elementwise/add.ts'
import { accessOf, type Bindings, type Constants, type ElementType, type Kernel } from '../kernels/kernel.ts'
import { flatAlignment } from '../kernels/optim/blocks.ts'
import { sizeOf, type Shape } from './shape.ts'

/** temporary: planned memory, lives from first write to last read. parameter, gradient: slices of one flat buffer each.
 *  state: a named buffer that stays (running statistics, moments, the data set, results). */
export type Role = 'temporary' | 'parameter' | 'gradient' | 'state'

/** A place in a trace: a shape, an element type and where its values will live. It holds no numbers. */
export interface Tensor {
  readonly id: number
  readonly trace: Trace
  readonly shape: Shape
  /** Number of elements. */
  readonly size: number
  readonly type: ElementType
  readonly role: Role
  /** Name of a parameter or state; a word for the plan listing otherwise. */
  readonly name: string
  /** First element within the flat buffer of its role (parameter, gradient), a multiple of 64. */
  readonly offset: number
  /** The tensor whose memory this one is another shape of. */
  readonly base?: Tensor
}

/** The tensor whose memory `x` is a view of; often `x` itself. */
export function rootOf(x: Tensor): Tensor {
  return x.base ?? x
}

export interface TracedCall {
  readonly kernel: Kernel
  readonly tensors: Readonly<Record<string, Tensor>>
  readonly constants: Constants
}

/** Fills a parameter or state when it is first allocated. `key` makes its random numbers its own. */
export type Initial = (
  values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
  seed: number,
  key: number,
) => void

export interface ParameterInfo {
  readonly tensor: Tensor
  readonly initial: Initial
  /** False for norms and biases: weight decay leaves them alone. */
  readonly decay: boolean
  /** Factor of the learning rate, above 0. */
  readonly rate: number
}

/** How the gradient of an op's output becomes gradients of its inputs: pairs of an input and its gradient of the
 *  same shape. A parameter's is a tensor of `Trace.gradient`. */
export type Backward = (gradient: Tensor) => readonly (readonly [input: Tensor, gradient: Tensor])[]

/** The recorded calls of one step, and the tape of its gradients (reverse-mode differentiation). Ops take it from
 *  their tensors; own ops make tensors, record calls and say in `onBackward` how gradients flow. */
export class Trace {
  readonly training: boolean
  /** Activations and their gradients are stored as f16 where their kernels allow it (half.ts). */
  readonly half: boolean
  readonly calls: TracedCall[] = []
  readonly parameters = new Map<string, ParameterInfo>()
  readonly states = new Map<string, { readonly tensor: Tensor; readonly initial: Initial }>()
  /** Gradients of parameters, by parameter name: [splits x size], the partial sums still to be added up. */
  readonly gradients = new Map<string, Tensor>()
  /** Where the gradients were added up by another trace, if they were (optim/accumulate.ts). */
  accumulated: Tensor | undefined
  /** Results of a ReLU, and of ops that only choose or drop such values (pool, dropout). They are never negative, and the
   *  ReLU's gradient is zero where they are zero. */
  readonly #rectified = new Set<Tensor>()
  /** Gradients to which the ReLU mask of a tensor has been applied already, and that tensor. */
  readonly #reluMasked = new Map<Tensor, Tensor>()
  parameterElements = 0
  gradientElements = 0
  readonly #tape: { readonly output: Tensor; readonly backward: Backward }[] = []
  #tensors = 0

  /** Gradients of watched tensors, after `backward`. */
  readonly watched = new Map<Tensor, Tensor>()
  readonly #watching = new Set<Tensor>()
  readonly #frozen: (name: string) => boolean
  readonly #rates: (name: string) => number
  /** Tensors that depend on a parameter that learns, and tensors that any call has written. */
  readonly #learning = new Set<Tensor>()
  readonly #written = new Set<Tensor>()

  /** Parameters whose name is `frozen` stay as they are; nothing below the first that learns is walked back. `rates`
   *  gives a parameter's factor of the learning rate; default 1. */
  constructor(options: {
    readonly training: boolean
    readonly half?: boolean
    readonly frozen?: (name: string) => boolean
    readonly rates?: (name: string) => number
  }) {
    this.training = options.training
    this.half = options.half ?? false
    this.#frozen = options.frozen ?? (() => false)
    this.#rates = options.rates ?? (() => 1)
  }

  isFrozen(parameter: Tensor): boolean {
    return this.#frozen(parameter.name)
  }

  tensor(shape: Shape, type: ElementType = 'f32', name = 'value'): Tensor {
    return this.#make(shape, type, 'temporary', name, 0)
  }

  /** A trainable tensor, known by its state-dict name; the same name gives the same tensor. */
  parameter(name: string, shape: Shape, initial: Initial, options: { readonly decay: boolean }): Tensor {
    const known = this.parameters.get(name)
    if (known) return known.tensor
    const tensor = this.#make(shape, 'f32', 'parameter', name, this.parameterElements)
    this.parameterElements += alignUp(tensor.size)
    this.parameters.set(name, { tensor, initial, decay: options.decay, rate: this.#rateOf(name) })
    return tensor
  }

  #rateOf(name: string): number {
    const rate = this.#rates(name)
    if (rate > 0 && rate < Infinity) return rate
    throw new CoreError(
      'bad-argument',
      `The factor of the rate of ${name} is ${rate}.`,
      'Give a number above 0, and freeze what is to stay as it is.',
    )
  }

  /** A tensor that stays between steps and plans, known by its name. */
  state(name: string, shape: Shape, type: ElementType, initial: Initial = () => {}): Tensor {
    const known = this.states.get(name)
    if (known) return known.tensor
    const tensor = this.#make(shape, type, 'state', name, 0)
    this.states.set(name, { tensor, initial })
    return tensor
  }

  /** Room for the gradient of `parameter` as `splits` partial sums, each the size of the parameter: [splits, size]. */
  gradient(parameter: Tensor, splits = 1): Tensor {
    const stride = splits === 1 ? parameter.size : alignUp(parameter.size)
    const tensor = this.#make([splits, stride], 'f32', 'gradient', parameter.name, this.gradientElements)
    this.gradientElements += alignUp(tensor.size)
    return tensor
  }

  /** The flat buffer of all parameters or gradients as one tensor; take it when nothing more is added. */
  flat(role: 'parameter' | 'gradient'): Tensor {
    if (role === 'gradient' && this.accumulated) return this.accumulated
    const elements = role === 'parameter' ? this.parameterElements : this.gradientElements
    return this.#make([elements], 'f32', role, `all ${role}s`, 0)
  }

  /** `x` under another shape of as many elements: another view of the same place. */
  alias(x: Tensor, shape: Shape): Tensor {
    return { ...x, id: this.#tensors++, shape, base: x.base ?? x }
  }

  /** Marks `x` as the result of a ReLU. An op that computes its gradient may then set it to zero where x is zero, and
   *  marks the gradient with `markReluMaskApplied`. */
  markRectified(x: Tensor): void {
    this.#rectified.add(rootOf(x))
  }

  isRectified(x: Tensor): boolean {
    return this.#rectified.has(rootOf(x))
  }

  /** Marks the gradient `dx` of the rectified tensor `x` as already zero where x is zero. */
  markReluMaskApplied(dx: Tensor, x: Tensor): void {
    this.#reluMasked.set(rootOf(dx), rootOf(x))
  }

  /** Whether that holds for this pair: the same gradient may also belong to another tensor, whose mask was not applied. */
  isReluMaskApplied(dx: Tensor, x: Tensor): boolean {
    return this.#reluMasked.get(rootOf(dx)) === rootOf(x)
  }

  /** Records a call. Throws CoreError 'bad-argument' where a binding or constant is missing, or is none of the kernel's.
   */
  call<B extends Bindings, C extends string>(
    kernel: Kernel<B, C>,
    tensors: { readonly [N in keyof B]: Tensor },
    constants: Constants<NoInfer<C>>,
  ): void {
    expectNames(kernel.name, 'binding', Object.keys(kernel.bindings), tensors)
    expectNames(kernel.name, 'constant', kernel.constants, constants)
    this.calls.push({ kernel, tensors, constants })
    const bound = Object.entries(kernel.bindings).map(([name, binding]) => [tensors[name]!, accessOf(binding)] as const)
    const learns = bound.some(([tensor, access]) => access === 'read' && this.needsGradient(tensor))
    for (const [tensor, access] of bound) {
      if (access === 'read') continue
      this.#written.add(rootOf(tensor))
      if (learns) this.#learning.add(rootOf(tensor))
    }
  }

  /** Records on the tape how the gradient of `output` becomes gradients of its inputs. Tensors that the closure uses are
   *  kept in memory until it runs. Nothing is recorded outside training, or where no parameter that learns had a part. */
  onBackward(output: Tensor, backward: Backward): void {
    const root = rootOf(output)
    if (!this.#written.has(root)) this.#learning.add(root) // no kernel writes a loss: its backward makes the first gradient
    if ((this.training || this.#watching.size > 0) && this.#learning.has(root)) this.#tape.push({ output, backward })
  }

  /** Asks for the gradient of `x`, also outside training. Call it before `x` is used; `backward` leaves the gradient in
   *  `watched`. */
  watch(x: Tensor): void {
    this.#watching.add(x)
    this.#learning.add(rootOf(x))
    this.#rectified.delete(rootOf(x)) // its whole gradient is wanted, without a ReLU mask
  }

  /** False for the batch itself, frozen parameters, and whatever no learning parameter had a part in: its gradient
   *  would be of no use. */
  needsGradient(x: Tensor): boolean {
    return x.role === 'parameter' ? !this.isFrozen(x) : this.#learning.has(rootOf(x))
  }

  /** Walks the tape from `loss` back to the parameters. Each parameter's gradient is then in `gradients`. */
  backward(loss: Tensor): void {
    const pending = new Map<Tensor, Tensor>([[loss, loss]])
    for (const { output, backward } of this.#tape.toReversed()) {
      const gradient = pending.get(output)
      if (!gradient) continue
      pending.delete(output)
      for (const [input, dInput] of backward(gradient)) this.#collect(pending, input, dInput)
    }
    for (const x of this.#watching) if (pending.has(x)) this.watched.set(x, pending.get(x)!)
  }

  #collect(pending: Map<Tensor, Tensor>, input: Tensor, gradient: Tensor): void {
    if (input.role !== 'parameter') {
      const before = pending.get(input)
      pending.set(input, before ? this.#sum(input, before, gradient) : gradient)
      return
    }
    if (this.isFrozen(input)) return
    if (this.gradients.has(input.name)) {
      throw new CoreError('bad-model', `The parameter ${input.name} is used twice.`, 'Give each layer its own name.')
    }
    this.gradients.set(input.name, gradient)
  }

  #sum(x: Tensor, a: Tensor, b: Tensor): Tensor {
    const sum = this.tensor(a.shape)
    this.call(addKernel, { a, b, y: sum }, { LENGTH: a.size })
    if (this.isReluMaskApplied(a, x) && this.isReluMaskApplied(b, x)) this.markReluMaskApplied(sum, x)
    return sum
  }

  #make(shape: Shape, type: ElementType, role: Role, name: string, offset: number): Tensor {
    return { id: this.#tensors++, trace: this, shape, size: sizeOf(shape), type, role, name, offset }
  }
}

export function alignUp(elements: number): number {
  return Math.ceil(elements / flatAlignment) * flatAlignment
}

function expectNames(kernel: string, what: string, names: readonly string[], given: object): void {
  const missing = names.find(name => !(name in given))
  const unknown = Object.keys(given).find(name => !names.includes(name))
  if (missing === undefined && unknown === undefined) return
  throw new CoreError(
    'bad-argument',
    missing === undefined
      ? `The kernel ${kernel} has no ${what} ${unknown}.`
      : `The kernel ${kernel} was called without its ${what} ${missing}.`,
    `Its ${what}s are ${names.join(', ')}.`,
  )
}
