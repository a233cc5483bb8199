// What lies in a folder that is not looked into: how many files, and names whose bytes are no text.

import { readdir } from 'node:fs/promises'
import type { Dirent } from 'node:fs'
import { join } from 'node:path'

const mostCounted = 1_000_000

/** Plain files in a folder and below it; links are not followed. Null where a part of it cannot be read. */
export async function countFiles(folder: string): Promise<number | null> {
  const waiting = [folder]
  let files = 0
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => null)
    if (entries === null || files > mostCounted) return null
    for (const entry of entries) {
      if (entry.isDirectory()) waiting.push(join(path, entry.name))
      else if (entry.isFile()) files++
    }
  }
  return files
}

export interface DoubtfulName {
  /** As Node gives it to people, the sign U+FFFD in the place of what is no text. */
  readonly name: string
  /** With such bytes written out, "b\xff.jpg". */
  readonly shown: string
  /** The name holds that sign itself. */
  readonly isText: boolean
  readonly entry: Dirent<Buffer>
}

/** Entries whose names hold U+FFFD, as their bytes are. */
export async function badNames(folder: string): Promise<DoubtfulName[]> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' })
  return entries.flatMap(entry => {
    const name = entry.name.toString('utf8')
    if (!name.includes('\uFFFD')) return []
    return [{ name, shown: shownBytes(entry.name), isText: Buffer.from(name).equals(entry.name), entry }]
  })
}

function shownBytes(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll(/[\u0080-\u00ff]/g, letter => `\\x${letter.charCodeAt(0).toString(16)}`)
}
