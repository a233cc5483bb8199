// What pages of this person remember (theme, language, last view), in `<configFolder>/preferences.json`. The service never looks inside.

import { join } from 'node:path'
import { readSmallFile, writeSmallFile } from './small-file.ts'

export interface Preferences {
  read(): Record<string, string>
  /** Takes the place of what was there. */
  write(values: Readonly<Record<string, string>>): void
}

export function createPreferences(configFolder: string): Preferences {
  const file = join(configFolder, 'preferences.json')
  return {
    read() {
      const values = readSmallFile(file)
      const entries = values !== null && typeof values === 'object' ? Object.entries(values) : []
      return Object.fromEntries(entries.filter((entry): entry is [string, string] => /^winnow\.[\w.-]{1,60}$/.test(entry[0]) && typeof entry[1] === 'string'))
    },
    write: values => writeSmallFile(file, values),
  }
}
