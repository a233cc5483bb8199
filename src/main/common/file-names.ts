// Names for new files and folders: what every file system takes, in characters and in length, and told apart from those
// that are there.

import { createHash } from 'node:crypto'
import { extname } from 'node:path'

/** Bytes of a name that file systems take. */
const mostBytes = 255
/** Of one that a number or a fingerprint may follow. */
const mostOwnBytes = 200
// eslint-disable-next-line no-control-regex
const refused = /[<>:"/\\|?*\u0000-\u001f]/g
const windowsDevice = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\s*(?:\.|$))/i

/** `name` without what some file system refuses, no longer than one takes, and no device of Windows; "_" where nothing
 *  is left. */
export function safeName(name: string): string {
  const clean = trimmed(name.normalize('NFC').replace(refused, ' ').replace(/\s+/g, ' '))
  const short = trimmed(truncated(clean, mostOwnBytes))
  return short === '' ? '_' : short.replace(windowsDevice, device => `_${device}`)
}

/** The name of a file, as it is where every file system takes it, else made so; its ending stays. */
export function portableName(name: string): string {
  const fitting = fittingName(name)
  if (fitting.search(refused) < 0 && !windowsDevice.test(fitting) && !/[. ]$/.test(fitting)) return fitting
  const ending = extname(fitting)
  return `${safeName(fitting.slice(0, fitting.length - ending.length))}${ending.replace(refused, '').replace(/[. ]+$/, '')}`
}

/** A name of more bytes than a file system takes is cut and told apart from its like by a fingerprint: Windows and
 *  macOS count letters. */
export function fittingName(name: string): string {
  if (Buffer.byteLength(name) <= mostBytes) return name
  const print = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${truncated(name, mostOwnBytes)}-${print}${extname(name).slice(0, 6)}`
}

/** "a.jpg", then "a (2).jpg" and so on: the first that is not taken. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  const extension = extname(name)
  const stem = name.slice(0, name.length - extension.length)
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : numbered(stem, ` (${n})${extension}`)
    if (!isTaken(candidate)) return candidate
  }
}

function numbered(stem: string, end: string): string {
  return `${truncated(stem, mostBytes - Buffer.byteLength(end))}${end}`
}

/** The first letters of a text that take no more than `bytes` in UTF-8. */
function truncated(text: string, bytes: number): string {
  return Buffer.byteLength(text) <= bytes
    ? text
    : Buffer.from(text)
        .subarray(0, bytes)
        .toString()
        .replace(/\uFFFD$/, '')
}

function trimmed(name: string): string {
  return name.replace(/^[. ]+|[. ]+$/g, '')
}
