// The libraries opened lately, in one JSON file of the app's own folder. It is a convenience: a file that cannot
// be read counts as empty, and a library that has gone is dropped from the list.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RecentLibrary } from '../../contract/records.ts'
import { noteInJsonFile, readJsonFile } from '../common/json-file.ts'

interface RecentEntry extends RecentLibrary {
  readonly folder: string
}

export interface RecentLibraries {
  /** Newest first. */
  list(): RecentLibrary[]
  folderOf(id: string): string | null
  note(entry: RecentEntry): void
}

const kept = 20

/** Reads and writes `<configFolder>/recent.json`. */
export function createRecentLibraries(configFolder: string): RecentLibraries {
  const file = join(configFolder, 'recent.json')
  return {
    list: () => read(file).map(({ id, name, photos, openedAt }) => ({ id, name, photos, openedAt })),
    folderOf: id => read(file).find(entry => entry.id === id)?.folder ?? null,
    note(entry) {
      const others = read(file).filter(other => other.id !== entry.id && other.folder !== entry.folder)
      noteInJsonFile(file, [entry, ...others].slice(0, kept))
    },
  }
}

function read(file: string): RecentEntry[] {
  const entries = readJsonFile(file)
  return Array.isArray(entries)
    ? entries.filter(isEntry).filter(entry => existsSync(join(entry.folder, 'library.db')))
    : []
}

function isEntry(value: unknown): value is RecentEntry {
  const entry = value as Partial<Record<keyof RecentEntry, unknown>> | null
  return (
    typeof entry?.id === 'string' &&
    typeof entry.name === 'string' &&
    typeof entry.folder === 'string' &&
    typeof entry.openedAt === 'string' &&
    typeof entry.photos === 'number'
  )
}
