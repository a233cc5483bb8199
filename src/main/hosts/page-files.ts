// The built page, held in memory by address: a request can name only what was there at the start, so no path is ever
// opened for it.

import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'

export interface PageFile {
  readonly bytes: Uint8Array
  readonly type: string
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** '/index.html', '/assets/index-1a2b.js' ... and '/' for index.html. ServiceError 'page-missing' when the page was not
 *  built. */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const entry of listed(folder)) {
    const path = join(entry.parentPath, entry.name)
    const type = types[extname(entry.name)]
    if (entry.isFile() && type)
      files.set(`/${relative(folder, path).split(sep).join('/')}`, { bytes: readFileSync(path), type })
  }
  const index = files.get('/index.html')
  if (!index) throw pageMissing(folder)
  return files.set('/', index)
}

function listed(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch {
    throw pageMissing(folder)
  }
}

function pageMissing(folder: string): ServiceError {
  return new ServiceError(
    'page-missing',
    `The page is not built: there is no index.html in ${folder}.`,
    'Run "npm run build", then start again.',
  )
}
