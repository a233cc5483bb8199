// The right side of a product in panels of eight columns: packed [columns / 8, taps terms, 8], so that a tile reads it
// in one stream. Columns beyond the last are zeros. Item: a panel.

@unmanaged
export class PackArgs {
  b: usize
  packed: usize
  TAPS: i32
  TERMS: i32
  COLUMNS: i32
  /** Elements from one tap, term and column of b to the next. */
  TAP_STRIDE: i32
  TERM_STRIDE: i32
  COLUMN_STRIDE: i32
}

export function pack(args: PackArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  const depth = args.TAPS * args.TERMS
  for (let panel = first; panel < end; panel++) {
    const width = min(8, args.COLUMNS - panel * 8)
    const b = args.b + ((<usize>(panel * 8) * args.COLUMN_STRIDE) << 2)
    let to = args.packed + ((<usize>panel * depth) << 5)
    for (let tap = 0; tap < args.TAPS; tap++) {
      const from = b + ((<usize>tap * args.TAP_STRIDE) << 2)
      if (width < 8) packEdge(args, from, to, width)
      else if (args.COLUMN_STRIDE == 1) packRows(args, from, to)
      else packColumns(args, from, to)
      to += (<usize>args.TERMS) << 5
    }
  }
}

function packRows(args: PackArgs, from: usize, to: usize): void {
  for (let term = 0; term < args.TERMS; term++) {
    v128.store(to, v128.load(from))
    v128.store(to, v128.load(from, 16), 16)
    from += args.TERM_STRIDE << 2
    to += 32
  }
}

function packColumns(args: PackArgs, from: usize, to: usize): void {
  const step = (<usize>args.COLUMN_STRIDE) << 2
  for (let term = 0; term < args.TERMS; term++) {
    let at = from
    for (let column = 0; column < 8; column++) {
      store<f32>(to + (column << 2), load<f32>(at))
      at += step
    }
    from += args.TERM_STRIDE << 2
    to += 32
  }
}

function packEdge(args: PackArgs, from: usize, to: usize, width: i32): void {
  for (let term = 0; term < args.TERMS; term++) {
    for (let column = 0; column < 8; column++) {
      const value: f32 = column < width ? load<f32>(from + ((<usize>column * args.COLUMN_STRIDE) << 2)) : 0
      store<f32>(to + (column << 2), value)
    }
    from += args.TERM_STRIDE << 2
    to += 32
  }
}
