// The entries of a zip file that are stored as they are, which is how PyTorch keeps tensors. Sizes and places are those of
// the central directory, with their 64-bit forms, and each is checked against the file.

import type { Fail } from '../error.ts'

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const end64Signature = 0x06064b50
const locator64Signature = 0x07064b50
const most32 = 0xffffffff

/** By name; the bytes are those of the file, not copies. Throws what `fail` makes of a sentence. */
export function readStoredZip(file: Uint8Array, fail: Fail): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  try {
    return readEntries(file, view, fail)
  } catch (error) {
    if (error instanceof RangeError) throw fail('The file is cut off: its list of contents reaches beyond its end.')
    throw error
  }
}

function readEntries(file: Uint8Array, view: DataView, fail: Fail): Map<string, Uint8Array> {
  const { count, start } = directoryOf(view, fail)
  const entries = new Map<string, Uint8Array>()
  let at = start
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== entrySignature) throw fail('The list of contents of the zip is damaged.')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map(field => view.getUint16(at + field, true))
    const name = new TextDecoder().decode(file.subarray(at + 46, at + 46 + nameLength!))
    if (view.getUint16(at + 10, true) !== 0) throw fail(`${name} in the zip is compressed, which PyTorch does not do.`)
    const { size, offset } = placeOf(view, at, at + 46 + nameLength!, extraLength!)
    const from = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
    if (from + size > file.length) throw fail(`${name} in the zip reaches beyond its end.`)
    entries.set(name, file.subarray(from, from + size))
    at += 46 + nameLength! + extraLength! + commentLength!
  }
  return entries
}

function directoryOf(view: DataView, fail: Fail): { readonly count: number; readonly start: number } {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 66_000); at--) {
    if (view.getUint32(at, true) !== endSignature) continue
    const [count, start] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)]
    if (count !== 0xffff && start !== most32) return { count, start }
    if (view.getUint32(at - 20, true) !== locator64Signature) throw fail('The end of the zip is damaged.')
    const end = Number(view.getBigUint64(at - 12, true))
    if (view.getUint32(end, true) !== end64Signature) throw fail('The end of the zip is damaged.')
    return { count: Number(view.getBigUint64(end + 32, true)), start: Number(view.getBigUint64(end + 48, true)) }
  }
  throw fail('The file is cut off: the list of contents at the end of the zip is missing.')
}

/** Where 32 bits do not hold a size or place, an extra field has them in 64. */
function placeOf(view: DataView, entry: number, extra: number, extraLength: number) {
  let [size, offset] = [view.getUint32(entry + 20, true), view.getUint32(entry + 42, true)]
  const whole = view.getUint32(entry + 24, true)
  for (let at = extra; at + 4 <= extra + extraLength; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    let field = at + 4
    if (whole === most32) field += 8
    if (size === most32) {
      size = Number(view.getBigUint64(field, true))
      field += 8
    }
    if (offset === most32) offset = Number(view.getBigUint64(field, true))
  }
  return { size, offset }
}
