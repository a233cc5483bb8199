// `npm run example <name>`: builds the package and runs examples/<name>.ts with it, as a project that installed it would.

import { existsSync, readdirSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildCore } from './build-core.ts'

const root = join(import.meta.dirname, '..')
const name = process.argv[2] ?? ''
const example = join(root, 'examples', `${name}.ts`)
if (existsSync(example)) {
  const out = join(root, 'out', 'core')
  await buildCore(root, out)
  const url = pathToFileURL(join(out, 'index.js')).href
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@winnow/core' ? { url, shortCircuit: true } : next(specifier, context),
  })
  await import(pathToFileURL(example).href)
} else {
  const names = readdirSync(join(root, 'examples')).flatMap(file => /^(.*)\.ts$/.exec(file)?.[1] ?? [])
  console.error(`There is no example "${name}". Choose one of: ${names.filter(name => name !== 'shapes').join(', ')}.`)
  process.exitCode = 1
}
