// The smooth activations and the leaky ReLU, in the order of KIND in src/core/ops/activation.ts: leaky ReLU, GELU, SiLU,
// sigmoid, tanh. Item: an element.

@unmanaged
export class ActivationArgs {
  x: usize
  y: usize
  KIND: i32
}

export function activationForward(args: ActivationArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  for (let i = first; i < end; i++) {
    const at = (<usize>i) << 2
    store<f32>(args.y + at, valueOf(load<f32>(args.x + at), args.KIND))
  }
}

@unmanaged
export class ActivationGradientArgs {
  x: usize
  dy: usize
  dx: usize
  KIND: i32
}

export function activationBackward(args: ActivationGradientArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  for (let i = first; i < end; i++) {
    const at = (<usize>i) << 2
    store<f32>(args.dx + at, load<f32>(args.dy + at) * slopeOf(load<f32>(args.x + at), args.KIND))
  }
}

function valueOf(x: f32, kind: i32): f32 {
  if (kind == 0) return x > 0 ? x : <f32>0.01 * x
  if (kind == 1) return <f32>(<f64>x * normalBelow(<f64>x))
  if (kind == 2) return x * sigmoid(x)
  return kind == 3 ? sigmoid(x) : Mathf.tanh(x)
}

function slopeOf(x: f32, kind: i32): f32 {
  if (kind == 0) return x > 0 ? <f32>1 : <f32>0.01
  if (kind == 1) return <f32>(normalBelow(<f64>x) + <f64>x * normalDensity(<f64>x))
  const s = sigmoid(x)
  if (kind == 2) return s * (1 + x * (1 - s))
  if (kind == 3) return s * (1 - s)
  const t = Mathf.tanh(x)
  return 1 - t * t
}

function sigmoid(x: f32): f32 {
  return <f32>1 / (<f32>1 + Mathf.exp(-x))
}

/** The share of a normal distribution below x. */
function normalBelow(x: f64): f64 {
  return 0.5 * (1.0 + errorFunction(x * 0.7071067811865476))
}

function normalDensity(x: f64): f64 {
  return 0.3989422804014327 * Math.exp(-0.5 * x * x)
}

/** By the series that converges for all x, beyond 4 it is 1 to f32. */
function errorFunction(x: f64): f64 {
  if (x > 4) return 1
  if (x < -4) return -1
  let term = x
  let sum = x
  for (let n = 1; n < 80 && Math.abs(term) > 1e-9 * Math.abs(sum); n++) {
    term *= (2 * x * x) / <f64>(2 * n + 1)
    sum += term
  }
  return 1.1283791670955126 * Math.exp(-x * x) * sum
}
