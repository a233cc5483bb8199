// The batch's photos from the data set, normalised and, while training, changed by the table of
// src/core/ops/batch/draw-changes.ts: the kernel of src/core/ops/batch/gather-batch.ts. Item: a photo of the batch.

import { batchCount, batchStart } from '../lib/step'
import { philox, philoxBits, unit } from '../lib/philox'
import { scratch } from '../lib/scratch'

@unmanaged
export class GatherArgs {
  images: usize
  order: usize
  classes: usize
  changes: usize
  x: usize
  labels: usize
  others: usize
  shares: usize
  H: i32
  W: i32
  C: i32
  STREAM: i32
  AUGMENT: i32
  MIXED: i32
  SCALE_0: f32
  SCALE_1: f32
  SCALE_2: f32
  SCALE_3: f32
  OFFSET_0: f32
  OFFSET_1: f32
  OFFSET_2: f32
  OFFSET_3: f32
}

/** Bytes of a photo's row in the table of changes. */
const changeBytes: usize = 128

export function gatherBatch(args: GatherArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const size = args.H * args.W * args.C
  for (let n = first; n < end; n++) {
    const own = args.x + (<usize>n * <usize>size << 2)
    const row = rowAt(args, n)
    photoInto(args, row, args.AUGMENT ? changeOf(args, n) : 0, own)
    store<u32>(args.labels + (<usize>n << 2), load<u32>(args.classes + (<usize>row << 2)))
    if (args.MIXED) mixIn(args, n, own)
  }
}

function rowAt(args: GatherArgs, n: i32): i32 {
  return load<i32>(args.order + (<usize>(batchStart() + min(n, batchCount() - 1)) << 2))
}

function changeOf(args: GatherArgs, n: i32): usize {
  return args.changes + <usize>n * changeBytes
}

/** Number `i` of a photo's changes. */
@inline
function number(change: usize, i: i32): f32 {
  return load<f32>(change + (<usize>i << 2))
}

@inline
function scaleOf(args: GatherArgs, c: i32): f32 {
  return c == 0 ? args.SCALE_0 : c == 1 ? args.SCALE_1 : c == 2 ? args.SCALE_2 : args.SCALE_3
}

@inline
function offsetOf(args: GatherArgs, c: i32): f32 {
  return c == 0 ? args.OFFSET_0 : c == 1 ? args.OFFSET_1 : c == 2 ? args.OFFSET_2 : args.OFFSET_3
}

function photoInto(args: GatherArgs, row: i32, change: usize, to: usize): void {
  const photo = args.images + <usize>row * <usize>(args.H * args.W * args.C)
  for (let h = 0; h < args.H; h++) {
    for (let v = 0; v < args.W; v++) {
      if (change) changedPixel(args, photo, change, h, v, to)
      else {
        const from = photo + <usize>((h * args.W + v) * args.C)
        for (let c = 0; c < args.C; c++) {
          store<f32>(to + (<usize>c << 2), <f32>load<u8>(from + c) * scaleOf(args, c) + offsetOf(args, c))
        }
      }
      to += <usize>args.C << 2
    }
  }
}

function changedPixel(args: GatherArgs, photo: usize, change: usize, h: i32, v: i32, to: usize): void {
  const x = <f32>v
  const y = <f32>h
  const cutOut = x >= number(change, 20) && x < number(change, 22) && y >= number(change, 21) && y < number(change, 23)
  if (cutOut) {
    for (let c = 0; c < args.C; c++) store<f32>(to + (<usize>c << 2), 128)
  } else {
    const across = number(change, 0) * x + number(change, 1) * y + number(change, 2)
    const down = number(change, 3) * x + number(change, 4) * y + number(change, 5)
    sample(args, photo, across, down, to)
    recolour(args.C, change, to)
    if (number(change, 18) > 0) addNoise(args, change, (h * args.W + v) * args.C, to)
  }
  for (let c = 0; c < args.C; c++) {
    const at = to + (<usize>c << 2)
    store<f32>(at, load<f32>(at) * scaleOf(args, c) + offsetOf(args, c))
  }
}

/** Between pixels; beyond the edge the photo is mirrored, its outermost pixel coming twice. */
function sample(args: GatherArgs, photo: usize, x: f32, y: f32, to: usize): void {
  const left = Mathf.floor(x)
  const top = Mathf.floor(y)
  const right = x - left
  const below = y - top
  const x0 = photo + <usize>(mirrored(<i32>left, args.W) * args.C)
  const x1 = photo + <usize>(mirrored(<i32>left + 1, args.W) * args.C)
  const y0 = <usize>(mirrored(<i32>top, args.H) * args.W * args.C)
  const y1 = <usize>(mirrored(<i32>top + 1, args.H) * args.W * args.C)
  for (let c = 0; c < args.C; c++) {
    const upper = <f32>load<u8>(x0 + y0 + c) * (1 - right) + <f32>load<u8>(x1 + y0 + c) * right
    const lower = <f32>load<u8>(x0 + y1 + c) * (1 - right) + <f32>load<u8>(x1 + y1 + c) * right
    store<f32>(to + (<usize>c << 2), upper * (1 - below) + lower * below)
  }
}

@inline
function mirrored(position: i32, length: i32): i32 {
  if (<u32>position < <u32>length) return position
  const turn = ((position % (2 * length)) + 2 * length) % (2 * length)
  return turn < length ? turn : 2 * length - 1 - turn
}

@inline
function clamped(value: f32): f32 {
  return min(<f32>255, max(<f32>0, value))
}

function recolour(channels: i32, change: usize, to: usize): void {
  if (channels != 3) {
    for (let c = 0; c < channels; c++) {
      const at = to + (<usize>c << 2)
      store<f32>(at, clamped(number(change, 6) * load<f32>(at) + number(change, 9)))
    }
    return
  }
  const red = load<f32>(to)
  const green = load<f32>(to, 4)
  const blue = load<f32>(to, 8)
  for (let c = 0; c < 3; c++) {
    const row = 6 + 4 * c
    const value =
      number(change, row) * red + number(change, row + 1) * green + number(change, row + 2) * blue + number(change, row + 3)
    store<f32>(to + (<usize>c << 2), clamped(value))
  }
}

/** The noise of a photo's value i: Box and Muller, two values from each pair of numbers. */
function addNoise(args: GatherArgs, change: usize, first: i32, to: usize): void {
  for (let c = 0; c < args.C; c++) {
    const i = first + c
    philox(i >>> 2, 0, 0, 0, <u32>number(change, 19), args.STREAM)
    const pair = i & 2
    const radius = Math.sqrt(-2.0 * Math.log(1.0 - <f64>unit(philoxBits(pair))))
    const angle = 6.283185307179586 * <f64>unit(philoxBits(pair + 1))
    const noise = radius * ((i & 1) == 0 ? Math.cos(angle) : Math.sin(angle))
    const at = to + (<usize>c << 2)
    store<f32>(at, clamped(load<f32>(at) + number(change, 18) * <f32>noise))
  }
}

/** Blends another photo of the batch in, or pastes a rectangle of it. */
function mixIn(args: GatherArgs, n: i32, own: usize): void {
  const change = changeOf(args, n)
  const other = <i32>number(change, 24)
  const row = rowAt(args, other)
  store<u32>(args.others + (<usize>n << 2), load<u32>(args.classes + (<usize>row << 2)))
  store<f32>(args.shares + (<usize>n << 2), number(change, 25))
  photoInto(args, row, changeOf(args, other), scratch())
  let theirs = scratch()
  for (let h = 0; h < args.H; h++) {
    for (let v = 0; v < args.W; v++) {
      const share = insideRectangle(change, <f32>v, <f32>h) ? <f32>0 : number(change, 30)
      for (let c = 0; c < args.C; c++) {
        store<f32>(own, share * load<f32>(own) + (1 - share) * load<f32>(theirs))
        own += 4
        theirs += 4
      }
    }
  }
}

function insideRectangle(change: usize, x: f32, y: f32): bool {
  return y >= number(change, 27) && y < number(change, 29) && x >= number(change, 26) && x < number(change, 28)
}
