// Draws what each photo of a batch gets, once a photo: a table that the batch kernel then applies to every pixel. Every
// number follows from (seed, photo, epoch, kind), as docs/augmentation.md says, so a resume, a preview and another
// device see the same photos. order [ROWS], numbers [ROWS] -> changes [N 32]:
//   0..5    where a pixel comes from: x = [0] x + [1] y + [2], y = [3] x + [4] y + [5]
//   6..17   three rows of [red green blue offset]; of other than three channels 6 is the factor and 9 the offset
//   18, 19  noise (standard deviation in 0..255) and its seed
//   20..23  the grey rectangle: left, top, right, bottom
//   24..30  mixing: place of the other in the batch, own share of the label, the other's rectangle (left, top, right, bottom), own share outside it

import drawWgsl from '../../../../shaders/batch/draw-changes.wgsl?raw'
import { elementKernel, type Dims } from '../kernel.ts'
import type { StepValues } from '../step.ts'
import { philox, unit } from '../philox.ts'

export const changeWords = 32

/** In the order of their counters; 10 and 11, blur and JPEG, are made ahead of training and not here. */
export const changeKinds = [
  'flip',
  'flip-vertical',
  'rotate',
  'shift',
  'scale',
  'crop',
  'brightness',
  'contrast',
  'saturation',
  'hue',
  'blur',
  'jpeg',
  'noise',
  'cutout',
] as const
/** A change of a photo while training (docs/augmentation.md says what each does, and in which units). */
export type ChangeKind = Exclude<(typeof changeKinds)[number], 'blur' | 'jpeg'>

/** Blocks of the counter that mixing draws from, beside the fourteen kinds. */
const mixingBlock = 20

/** Of each kind the chance and the range of its strength, by its place in `changeKinds`. */
export type ChanceName = `${'CHANCE' | 'LOW' | 'HIGH'}_${number}`
type DrawDims = Dims<'N' | 'H' | 'W' | 'C' | 'STREAM' | 'MIXUP' | 'CUTMIX' | ChanceName>

type MatrixRow = readonly [number, number, number]

/** What is drawn for one kind: where in its range it lies and two numbers for a place; undefined where it is not
 *  applied. */
type Draw = (
  kind: ChangeKind,
) => { readonly strength: number; readonly second: number; readonly third: number } | undefined

function drawsOf(dims: DrawDims, photo: number, { seed, epoch }: StepValues): Draw {
  return kind => {
    const k = changeKinds.indexOf(kind)
    const [chance, first, second, third] = philox(photo, k + 1, epoch, 0, seed, dims.STREAM).map(unit) as [
      number,
      number,
      number,
      number,
    ]
    if (chance >= dims[`CHANCE_${k}`]!) return undefined
    const [low, high] = [dims[`LOW_${k}`]!, dims[`HIGH_${k}`]!]
    return {
      strength: low + (high - low) * first,
      second: kind === 'shift' ? low + (high - low) * second : second,
      third,
    }
  }
}

function chanceNames(k: number): ChanceName[] {
  return [`CHANCE_${k}`, `LOW_${k}`, `HIGH_${k}`]
}

export const drawKernel = elementKernel({
  name: 'draw-changes',
  source: drawWgsl,
  bindings: { order: 'read u32', numbers: 'read u32', changes: 'write' },
  constants: ['N', 'H', 'W', 'C', 'STREAM', 'MIXUP', 'CUTMIX', ...changeKinds.flatMap((_, k) => chanceNames(k))],
  step: true,
  elements: c => c.N,
  reference: ({ order, numbers, changes }, dims, step) => {
    for (let n = 0; n < dims.N; n++) {
      const photo = numbers[order[step.batchStart + Math.min(n, step.batchCount - 1)]!]!
      const draw = drawsOf(dims, photo, step)
      const row = [
        ...placed(draw, dims),
        ...coloured(draw, dims),
        ...spoilt(draw, dims),
        ...mixed(dims, photo, n, step),
      ]
      changes.set(row, n * changeWords)
    }
  },
})

/** Crop, flips, scale, turn and shift as one map of pixels to pixels. */
function placed(draw: Draw, { H, W }: DrawDims): number[] {
  let rows: readonly [MatrixRow, MatrixRow] = [
    [1, 0, 0],
    [0, 1, 0],
  ]
  const inside = (x: MatrixRow, y: MatrixRow) => {
    rows = rows.map(([xx, xy, shift]) =>
      [0, 1, 2].map(i => xx * x[i]! + xy * y[i]! + (i === 2 ? shift : 0)),
    ) as unknown as [MatrixRow, MatrixRow]
  }
  const [crop, rotate, scale, shift] = [draw('crop'), draw('rotate'), draw('scale'), draw('shift')]
  if (crop) {
    const side = Math.sqrt(crop.strength)
    inside([side, 0, (crop.second - 0.5) * (1 - side)], [0, side, (crop.third - 0.5) * (1 - side)])
  }
  if (draw('flip')) inside([-1, 0, 0], [0, 1, 0])
  if (draw('flip-vertical')) inside([1, 0, 0], [0, -1, 0])
  if (scale) inside([1 / scale.strength, 0, 0], [0, 1 / scale.strength, 0])
  if (rotate) {
    const [cos, sin, aspect] = [
      Math.cos((rotate.strength * Math.PI) / 180),
      Math.sin((rotate.strength * Math.PI) / 180),
      W / H,
    ]
    inside([cos, sin / aspect, 0], [-sin * aspect, cos, 0])
  }
  if (shift) inside([1, 0, -shift.strength], [0, 1, -shift.second])
  return inPixels(rows, H, W)
}

/** From fractions of the sides about the centre to pixels from the corner. */
function inPixels([[xx, xy, x0], [yx, yy, y0]]: readonly [MatrixRow, MatrixRow], H: number, W: number): number[] {
  const [across, down] = [(xy * W) / H, (yx * H) / W]
  const [middleX, middleY] = [0.5 * W - 0.5, 0.5 * H - 0.5]
  return [
    xx,
    across,
    x0 * W + middleX - xx * middleX - across * middleY,
    down,
    yy,
    y0 * H + middleY - down * middleX - yy * middleY,
  ]
}

const luma = [0.299, 0.587, 0.114] as const

/** Hue, then saturation, about the pixel's grey; then brightness about black; then contrast about the middle. */
function coloured(draw: Draw, { C }: DrawDims): number[] {
  const strength = (kind: ChangeKind) => draw(kind)?.strength
  const [brightness, contrast, saturation, hue] = [
    strength('brightness') ?? 1,
    strength('contrast') ?? 1,
    strength('saturation') ?? 1,
    strength('hue') ?? 0,
  ]
  const [gain, offset] = [brightness * contrast, 127.5 * (1 - contrast)]
  if (C !== 3) return [gain, 0, 0, offset, 0, 0, 0, 0, 0, 0, 0, 0]
  return hueRows(hue).flatMap(row => [
    ...row.map((value, i) => gain * (luma[i]! + saturation * (value - luma[i]!))),
    offset,
  ])
}

/** Turns the plane of the colour differences; grey stays grey and every pixel keeps its own. */
function hueRows(degrees: number): number[][] {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  const [r, g, b] = luma
  const [fromRed, fromBlue] = [
    [1 - r, -g, -b],
    [-r, -g, 1 - b],
  ]
  const red = fromRed.map((value, i) => cos * value - sin * fromBlue[i]!)
  const blue = fromBlue.map((value, i) => cos * value + sin * fromRed[i]!)
  const green = red.map((value, i) => -(r * value + b * blue[i]!) / g)
  return [red, green, blue].map(row => row.map((value, i) => luma[i]! + value))
}

/** Noise, and the rectangle that is cut out. */
function spoilt(draw: Draw, { H, W }: DrawDims): number[] {
  const [noise, cutout] = [draw('noise'), draw('cutout')]
  const noisy = noise ? [noise.strength * 255, Math.floor(noise.second * 2 ** 24)] : [0, 0]
  if (!cutout) return [...noisy, 0, 0, 0, 0]
  const side = (length: number) => Math.max(1, Math.floor(cutout.strength * length + 0.5))
  const [wide, high] = [side(W), side(H)]
  const [left, top] = [Math.floor(cutout.second * (W - wide + 1)), Math.floor(cutout.third * (H - high + 1))]
  return [...noisy, left, top, left + wide, top + high]
}

/** With which photo of the batch, and how. Alone in its batch a photo stays itself. */
function mixed(
  { H, W, MIXUP, CUTMIX, STREAM }: DrawDims,
  photo: number,
  n: number,
  { seed, epoch, batchCount }: StepValues,
): number[] {
  if ((!MIXUP && !CUTMIX) || batchCount < 2) return [n, 1, 0, 0, 0, 0, 1, 0]
  const draws = (block: number) => philox(photo, mixingBlock + block, epoch, 0, seed, STREAM)
  const [first, second] = [draws(0), draws(1)]
  const other = (n + 1 + (first[0] % (batchCount - 1))) % batchCount
  if (CUTMIX !== 1 || (MIXUP > 0 && (first[1] & 1) === 0)) {
    const share = 1 - MIXUP * unit(second[2])
    return [other, share, 0, 0, 0, 0, share, 0]
  }
  const [tall, wide] = [first[2] % (Math.floor(H / 2) + 1), first[3] % (Math.floor(W / 2) + 1)]
  const [top, left] = [second[0] % (H - tall + 1), second[1] % (W - wide + 1)]
  return [other, 1 - (tall * wide) / (H * W), left, top, left + wide, top + tall, 1, 0]
}
