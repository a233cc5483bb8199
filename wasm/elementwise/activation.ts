// The activations, in the order of KIND in src/core/kernels/elementwise/activation.ts: leaky ReLU, GELU, SiLU, sigmoid,
// tanh, ReLU6, hard swish, hard sigmoid. Item: an element. ReLU6, which MobileNets have after every convolution, has passes
// of its own.

import { put } from '../lib/simd'
import { NoArgs } from './elementwise'

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

export function relu6Forward(_args: NoArgs, first: i32, end: i32, from: usize, to: usize): void {
  const zero = f32x4.splat(0)
  const six = f32x4.splat(6)
  for (let left = end - first; left > 0; left -= 4) {
    put(to, f32x4.min(f32x4.max(v128.load(from), zero), six), left)
    from += 16
    to += 16
  }
}

@unmanaged
export class Relu6GradientArgs {
  x: usize
}

/** dx = dy where 0 < x < 6. */
export function relu6Backward(args: Relu6GradientArgs, first: i32, end: i32, from: usize, to: usize): void {
  const zero = f32x4.splat(0)
  const six = f32x4.splat(6)
  let x = args.x + (<usize>first << 2)
  for (let left = end - first; left > 0; left -= 4) {
    const value = v128.load(x)
    put(to, v128.and(v128.load(from), v128.and(f32x4.gt(value, zero), f32x4.lt(value, six))), left)
    from += 16
    to += 16
    x += 16
  }
}

function valueOf(x: f32, kind: i32): f32 {
  if (kind == 0) return x > 0 ? x : <f32>0.01 * x
  if (kind == 1) return <f32>(<f64>x * normalBelow(<f64>x))
  if (kind == 2) return x * sigmoid(x)
  if (kind == 3) return sigmoid(x)
  if (kind == 4) return Mathf.tanh(x)
  if (kind == 5) return min(max(x, <f32>0), <f32>6)
  return kind == 6 ? x * hardSigmoid(x) : hardSigmoid(x)
}

function slopeOf(x: f32, kind: i32): f32 {
  if (kind == 0) return x > 0 ? <f32>1 : <f32>0.01
  if (kind == 1) return <f32>(normalBelow(<f64>x) + <f64>x * normalDensity(<f64>x))
  if (kind == 5) return x > 0 && x < 6 ? <f32>1 : <f32>0
  if (kind == 6) return x <= -3 ? <f32>0 : x < 3 ? x / <f32>3 + <f32>0.5 : <f32>1
  if (kind == 7) return x > -3 && x < 3 ? <f32>(1.0 / 6.0) : <f32>0
  const s = sigmoid(x)
  if (kind == 2) return s * (1 + x * (1 - s))
  if (kind == 3) return s * (1 - s)
  const t = Mathf.tanh(x)
  return 1 - t * t
}

function hardSigmoid(x: f32): f32 {
  return min(max(x + <f32>3, <f32>0), <f32>6) / <f32>6
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
