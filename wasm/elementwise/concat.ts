// Branches side by side along the channels: x [rows, C] are the columns FIRST.. of y [rows, TOTAL]. Item: a row.

@unmanaged
export class ConcatArgs {
  part: usize
  whole: usize
  C: i32
  TOTAL: i32
  FIRST: i32
}

export function concatWrite(args: ConcatArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  for (let row = first; row < end; row++) {
    const to = args.whole + ((<usize>(row * args.TOTAL + args.FIRST)) << 2)
    memory.copy(to, args.part + ((<usize>(row * args.C)) << 2), (<usize>args.C) << 2)
  }
}

export function concatRead(args: ConcatArgs, first: i32, end: i32, _from: usize, _to: usize): void {
  for (let row = first; row < end; row++) {
    const from = args.whole + ((<usize>(row * args.TOTAL + args.FIRST)) << 2)
    memory.copy(args.part + ((<usize>(row * args.C)) << 2), from, (<usize>args.C) << 2)
  }
}
