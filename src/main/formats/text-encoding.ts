// Text of unknown origin: which encoding it is in, and its letters. A mark at its front and UTF-8 speak for themselves;
// national code pages are told apart by what they read: a wrong one gives rare letters where the right one gives common
// ones. Short names (the folders of an archive) give few letters, so the tables hold what names are made of.

import { TextDecoder } from 'node:util'
import { analyse } from 'chardet'
import iconv from 'iconv-lite'
import { readingScore } from './reading-score.ts'

/** In the order in which equal readings are preferred. */
export const codePages = [
  'cp949',
  'shift_jis',
  'gbk',
  'big5',
  'euc-jp',
  'windows-1252',
  'cp437',
  'windows-1251',
  'cp866',
] as const
export type CodePage = (typeof codePages)[number]
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | CodePage

export interface DecodedText {
  /** Without a byte order mark. */
  readonly text: string
  readonly encoding: TextEncoding
}

/** What chardet calls the code pages that it knows. */
const chardetNames: Readonly<Record<string, CodePage>> = {
  'EUC-KR': 'cp949',
  Shift_JIS: 'shift_jis',
  GB18030: 'gbk',
  Big5: 'big5',
  'EUC-JP': 'euc-jp',
  'ISO-8859-1': 'windows-1252',
  'windows-1252': 'windows-1252',
  'windows-1251': 'windows-1251',
}
/** Bytes that are looked at to find the code page of a long text. */
const sampleBytes = 64 * 1024
const japanese: readonly CodePage[] = ['shift_jis', 'euc-jp']
/** Code pages of DOS, which only archives are in. */
const onlyInArchives: readonly CodePage[] = ['cp437', 'cp866']

/** A whole text, such as a list. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const marked = markOf(bytes)
  if (marked) return decodeAs(bytes.subarray(marked === 'utf-8' ? 3 : 2), marked)
  const wide = wideWithoutMark(bytes)
  if (wide) return decodeAs(bytes, wide)
  const pages = codePages.filter(page => !onlyInArchives.includes(page))
  return decodeAs(bytes, likelyEncoding(bytes, pages))
}

/** UTF-8 where the bytes are that; except that a few letters of a code page may look like it: they read as accented
 *  letters that belong to no word. */
export function likelyEncoding(bytes: Uint8Array, pages: readonly CodePage[] = codePages): TextEncoding {
  const utf8 = asUtf8(bytes)
  // eslint-disable-next-line no-control-regex
  if (utf8 !== null && !/^[\0-\u07ff]*[\x80-\u07ff][\0-\u07ff]*$/.test(utf8)) return 'utf-8'
  const sample = bytes.subarray(0, sampleBytes)
  const page = likelyCodePage(sample, pages)
  if (utf8 === null) return page
  const score = readingScore(utf8.slice(0, sampleBytes), false)
  const other = readingScore(iconv.decode(sample, page), japanese.includes(page))
  return score < 1 && other > score + 2 ? page : 'utf-8'
}

/** The text of bytes in UTF-8; null where they are none. */
export function asUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

export function decodeAs(bytes: Uint8Array, encoding: TextEncoding): DecodedText {
  return { text: iconv.decode(bytes, encoding), encoding }
}

/** The code page that reads these bytes best. A cut through the last letter does not count against one. */
export function likelyCodePage(bytes: Uint8Array, pages: readonly CodePage[] = codePages): CodePage {
  const confidence = new Map(analyse(bytes).map(match => [chardetNames[match.name], match.confidence / 100]))
  const scored = pages.map(page => ({
    page,
    score:
      readingScore(iconv.decode(bytes, page).replace(/\uFFFD$/, ''), japanese.includes(page)) +
      (confidence.get(page) ?? 0),
  }))
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).page
}

function markOf(bytes: Uint8Array): TextEncoding | null {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  return a === 0xfe && b === 0xff ? 'utf-16be' : null
}

/** UTF-16 has a zero in every other byte of what is plain in it (separators, digits, endings). */
function wideWithoutMark(bytes: Uint8Array): TextEncoding | null {
  if (bytes.length < 4 || bytes.length % 2 !== 0) return null
  const sample = bytes.subarray(0, sampleBytes)
  const zeros = (from: number) => sample.filter((byte, i) => i % 2 === from && byte === 0).length
  const [even, odd] = [zeros(0), zeros(1)]
  const quarter = sample.length / 8
  if (odd > quarter && even < odd / 20) return 'utf-16le'
  return even > quarter && odd < even / 20 ? 'utf-16be' : null
}
