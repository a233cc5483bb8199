// What pages of this person remember (theme, language, last view), in `<configFolder>/preferences.json`: the service
// never looks inside. And where they looked for photos last.

import { join } from 'node:path'
import type { LastFolder } from './folder-picker.ts'
import { noteInJsonFile, readJsonFile, writeJsonFile } from '../common/json-file.ts'

const mostKept = 100

export interface Preferences {
  read(): Record<string, string>
  /** Puts these values beside what is there; null takes one away. The oldest of too many go. */
  write(changes: Readonly<Record<string, string | null>>): void
}

/** The path of the folder listed last, in `<configFolder>/last-folder.json`. The page never sees it. */
export function createLastFolder(configFolder: string): LastFolder {
  const file = join(configFolder, 'last-folder.json')
  return {
    read() {
      const path = readJsonFile(file)
      return typeof path === 'string' ? path : null
    },
    write: path => noteInJsonFile(file, path),
  }
}

export function createPreferences(configFolder: string): Preferences {
  const file = join(configFolder, 'preferences.json')
  const read = (): Record<string, string> => {
    const values = readJsonFile(file)
    const entries = values !== null && typeof values === 'object' ? Object.entries(values) : []
    return Object.fromEntries(
      entries.filter(
        (entry): entry is [string, string] => /^winnow\.[\w.-]{1,60}$/.test(entry[0]) && typeof entry[1] === 'string',
      ),
    )
  }
  return {
    read,
    write(changes) {
      const others = Object.entries(read()).filter(([key]) => !Object.hasOwn(changes, key))
      const chosen = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null)
      writeJsonFile(file, Object.fromEntries([...others, ...chosen].slice(-mostKept)))
    },
  }
}
