// `npm run -s winnow -- <command>`: builds if needed, then runs the terminal host in this process.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildIfNeeded } from './build-if-needed.ts'

const root = join(import.meta.dirname, '..')
await buildIfNeeded(root)
await import(pathToFileURL(join(root, 'out', 'main', 'cli.js')).href)
