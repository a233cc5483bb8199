// y [rows, columns] = a b, where a row of a is a row of a matrix or the patch of a photo under a filter: by a table of
// offsets, so that any stride, padding and dilation, and the input gradient, are one kernel (the indirect convolution
// of Dukhan 2019, arXiv 1907.02129). Item: a row of y; `to` is where the first of them lies.

import { scratch } from '../lib/scratch'
import { RowPlace, rowPlaceBytes, tile } from './tile'

@unmanaged
export class MultiplyArgs {
  a: usize
  packed: usize
  /** Offsets in bytes [PIXELS, TAPS] of the runs under a row, from its photo's first element on; below zero: outside.
   *  0 where rows are rows of a matrix. */
  table: usize
  /** TERMS zeros. */
  zeros: usize
  /** Rows a photo; of a matrix 1. */
  PIXELS: i32
  /** Elements from one photo of a to the next; of a matrix from row to row. */
  PHOTO: i32
  TAPS: i32
  TERMS: i32
  COLUMNS: i32
  /** Elements from one row of y to the next. */
  ROW: i32
  /** 1 where runs are so short that patches are copied together first. */
  PATCHES: i32
  /** Rows of a tile lie so many rows apart: those that skip the same taps. */
  STEP: i32
}

/** Rows whose places are worked out together: their part of a stays in the cache while the panels pass. */
const block: i32 = 64

export function multiply(args: MultiplyArgs, first: i32, end: i32, _from: usize, to: usize): void {
  const stride = (<usize>args.ROW) << 2
  for (let row = first; row < end; row += block) {
    const count = min(block, end - row)
    if (args.PATCHES) placePatches(args, row, count)
    else placeRows(args, row, count)
    multiplyBlock(args, count, to, stride)
    to += <usize>count * stride
  }
}

function multiplyBlock(args: MultiplyArgs, count: i32, to: usize, stride: usize): void {
  const taps = args.PATCHES ? 1 : args.TAPS
  const terms = args.PATCHES ? args.TAPS * args.TERMS : args.TERMS
  let panel = args.packed
  for (let column = 0; column < args.COLUMNS; column += 8) {
    const width = min(8, args.COLUMNS - column)
    for (let row = 0; row < count; row += 4 * args.STEP) {
      for (let first = row; first < min(count, row + args.STEP); first++) {
        const rows = (count - first + args.STEP - 1) / args.STEP
        const places = scratch() + <usize>first * rowPlaceBytes
        const at = to + <usize>first * stride + (<usize>column << 2)
        const step = <usize>args.STEP
        tile(places, step * rowPlaceBytes, min(4, rows), taps, terms, args.zeros, panel, at, step * stride, width)
      }
    }
    panel += (<usize>(args.TAPS * args.TERMS)) << 5
  }
}

/** The places of `count` rows, and of more so that the last tiles have four. */
function placeRows(args: MultiplyArgs, first: i32, count: i32): void {
  let photo = first / args.PIXELS
  let pixel = first % args.PIXELS
  const places = scratch()
  for (let i = 0; i < count; i++) {
    const place = changetype<RowPlace>(places + <usize>i * rowPlaceBytes)
    place.base = args.a + ((<usize>photo * args.PHOTO) << 2)
    place.offsets = args.table ? args.table + ((<usize>(pixel * args.TAPS)) << 2) : 0
    if (++pixel == args.PIXELS) {
      pixel = 0
      photo++
    }
  }
  fillUp(places, count, 4 * args.STEP)
}

/** The patches of `count` rows, copied behind the places. */
function placePatches(args: MultiplyArgs, first: i32, count: i32): void {
  const places = scratch()
  const length = (<usize>(args.TAPS * args.TERMS)) << 2
  let patch = places + (<usize>block + 4) * rowPlaceBytes
  for (let i = 0; i < count; i++) {
    const place = changetype<RowPlace>(places + <usize>i * rowPlaceBytes)
    place.base = patch
    place.offsets = 0
    copyPatch(args.a, args.table, args.zeros, first + i, args.PIXELS, args.PHOTO, args.TAPS, args.TERMS, patch)
    patch += length
  }
  fillUp(places, count, 4)
}

/** The TAPS TERMS values under row `row`, side by side at `to`. */
export function copyPatch(
  a: usize,
  table: usize,
  zeros: usize,
  row: i32,
  pixels: i32,
  photo: i32,
  taps: i32,
  terms: i32,
  to: usize,
): void {
  const base = a + ((<usize>(row / pixels) * photo) << 2)
  let offsets = table + ((<usize>((row % pixels) * taps)) << 2)
  for (let tap = 0; tap < taps; tap++) {
    const offset = load<i32>(offsets)
    let from = offset < 0 ? zeros : base + <usize>offset
    offsets += 4
    for (let term = 0; term < terms; term++) {
      store<f32>(to, load<f32>(from))
      from += 4
      to += 4
    }
  }
}

function fillUp(places: usize, count: i32, multiple: i32): void {
  const last = changetype<RowPlace>(places + <usize>(count - 1) * rowPlaceBytes)
  for (let i = count; i % multiple != 0; i++) {
    const place = changetype<RowPlace>(places + <usize>i * rowPlaceBytes)
    place.base = last.base
    place.offsets = last.offsets
  }
}
