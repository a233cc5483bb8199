// L-BFGS (Liu and Nocedal 1989): minimises a smooth function of many numbers from its gradients, with the curvature of
// the last few steps in place of a Hessian. The line search backtracks until the value falls enough (Armijo), and a step
// whose curvature is no use is not remembered.

/** The value at `w`, with its gradient written into `gradient`. */
export type Objective = (w: Float64Array, gradient: Float64Array) => number | Promise<number>

export interface LbfgsOptions {
  /** Ends once no component of the gradient is larger. Default 1e-4. */
  readonly tolerance?: number
  /** Evaluations at most. Default 100. */
  readonly evaluations?: number
  /** Steps remembered. Default 10. */
  readonly memory?: number
  readonly signal?: AbortSignal | undefined
}

export interface LbfgsResult {
  readonly value: number
  readonly evaluations: number
  /** Whether it ended at the tolerance and not at the number of evaluations. */
  readonly converged: boolean
}

interface Step {
  readonly s: Float64Array
  readonly y: Float64Array
  /** 1 / (s . y) */
  readonly rho: number
}

const enough = 1e-4
const mostHalvings = 20

/** Leaves the minimum in `w`. Throws the signal's reason when aborted. */
export async function minimise(
  objective: Objective,
  w: Float64Array,
  { tolerance = 1e-4, evaluations: most = 100, memory = 10, signal }: LbfgsOptions = {},
): Promise<LbfgsResult> {
  let gradient = new Float64Array(w.length)
  let value = await objective(w, gradient)
  let evaluations = 1
  const steps: Step[] = []
  while (evaluations < most && largest(gradient) > tolerance) {
    signal?.throwIfAborted()
    const direction = descent(gradient, steps)
    const slope = dot(direction, gradient)
    const before = w.slice()
    const next = new Float64Array(w.length)
    let length = steps.length === 0 ? 1 / Math.max(1, norm(gradient)) : 1
    let reached = NaN
    for (let halving = 0; halving < mostHalvings && evaluations < most; halving++, length /= 2) {
      for (let i = 0; i < w.length; i++) w[i] = before[i]! + length * direction[i]!
      reached = await objective(w, next)
      evaluations++
      if (reached <= value + enough * length * slope) break
    }
    if (!(reached < value)) {
      w.set(before)
      break
    }
    remember(steps, memory, before, w, gradient, next)
    value = reached
    gradient = next
  }
  return { value, evaluations, converged: largest(gradient) <= tolerance }
}

/** -H g by the two loops of the paper. */
function descent(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const q = gradient.map(value => -value)
  const shares = new Float64Array(steps.length)
  for (let i = steps.length - 1; i >= 0; i--) {
    const { s, y, rho } = steps[i]!
    shares[i] = rho * dot(s, q)
    addScaled(q, y, -shares[i]!)
  }
  const last = steps.at(-1)
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y))
    for (let i = 0; i < q.length; i++) q[i]! *= scale
  }
  steps.forEach(({ s, y, rho }, i) => addScaled(q, s, shares[i]! - rho * dot(y, q)))
  return q
}

function remember(
  steps: Step[],
  memory: number,
  before: Float64Array,
  after: Float64Array,
  gradient: Float64Array,
  next: Float64Array,
): void {
  const s = after.map((value, i) => value - before[i]!)
  const y = next.map((value, i) => value - gradient[i]!)
  const curvature = dot(s, y)
  if (!(curvature > 1e-12 * dot(y, y))) return
  steps.push({ s, y, rho: 1 / curvature })
  if (steps.length > memory) steps.shift()
}

function addScaled(target: Float64Array, values: Float64Array, scale: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += scale * values[i]!
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a))
}

function largest(values: Float64Array): number {
  let most = 0
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!))
  return most
}
