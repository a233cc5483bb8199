// One JSON file of the app's own folder: a convenience, so a file that cannot be read counts as absent. Written
// whole or not at all.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { privateFile, privateFolder } from './private-files.ts'

/** What the file holds, or null. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown
  } catch {
    return null
  }
}

export function writeJsonFile(file: string, value: unknown): void {
  mkdirSync(dirname(file), privateFolder)
  const partial = `${file}.${process.pid}.partial`
  try {
    writeFileSync(partial, JSON.stringify(value, null, 2), privateFile)
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

/** For what nobody asked to keep: where the file cannot be written, the one before stays, and whatever is being done
 *  goes on. */
export function noteInJsonFile(file: string, value: unknown): void {
  try {
    writeJsonFile(file, value)
  } catch {
    // A folder that may not be written to, or a full disk, costs the note alone.
  }
}
