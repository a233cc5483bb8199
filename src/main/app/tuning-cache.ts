// Measured tile configurations of the GPU kernels (the tuning cache), one JSON file an adapter in the app's own folder.
// A convenience: a file that cannot be read counts as none, and whoever asked checks what is in it.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { privateFile, privateFolder } from '../common/private-files.ts'
import type { Service } from '../../contract/table.ts'

/** Reads and writes `<configFolder>/cuts/<hash of the adapter>.json`. */
export function tuningCacheRequests(configFolder: string): Pick<Service['requests'], 'cuts.load' | 'cuts.save'> {
  const folder = join(configFolder, 'cuts')
  const fileOf = (adapter: string) =>
    join(folder, `${createHash('sha256').update(adapter).digest('hex').slice(0, 16)}.json`)
  return {
    'cuts.load': ({ adapter }) => ({ text: textOf(fileOf(adapter)) }),
    'cuts.save': ({ adapter, text }) => {
      mkdirSync(folder, privateFolder)
      const partial = `${fileOf(adapter)}.${process.pid}.partial`
      writeFileSync(partial, text, privateFile)
      renameSync(partial, fileOf(adapter))
      return {}
    },
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
