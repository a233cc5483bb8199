// TensorFlow's 'SAME' padding: a window at stride s makes ceil(side / s) of a side, and what that needs around the photo
// lies half before it and half after, the odd one after. PyTorch's padding is the same on both sides.

export type Padding = readonly [top: number, left: number, bottom: number, right: number]
type PhotoSides = readonly [height: number, width: number]

export interface PaddedWindow {
  readonly pad: Padding
  /** PhotoSides of what comes out. */
  readonly sides: PhotoSides
}

/** Of a square window over a photo of these sides. */
export function samePadding(sides: PhotoSides, size: number, stride: number): PaddedWindow {
  const after = sides.map(side => Math.ceil(side / stride))
  const all = sides.map((side, axis) => Math.max(0, (after[axis]! - 1) * stride + size - side))
  const before = all.map(pixels => Math.floor(pixels / 2))
  return {
    pad: [before[0]!, before[1]!, all[0]! - before[0]!, all[1]! - before[1]!],
    sides: [after[0]!, after[1]!],
  }
}

/** What PyTorch's nets do: half the window on every side. */
export function evenPadding(sides: PhotoSides, size: number, stride: number): PaddedWindow {
  const pad = Math.floor(size / 2)
  const after = sides.map(side => Math.floor((side + 2 * pad - size) / stride) + 1)
  return { pad: [pad, pad, pad, pad], sides: [after[0]!, after[1]!] }
}
