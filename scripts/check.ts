// `npm run check`: types of every part, format, lint, import rules and sizes; then the ten largest files and functions, and how
// much the built page weighs. Exits with 1 when anything is wrong, after showing all of it.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { foreignLoads, pageSizes } from './page-sizes.ts'
import { runTool } from './run-tool.ts'
import { largest } from './sizes.ts'

const root = join(import.meta.dirname, '..')
const failures: string[] = []

for (const file of readdirSync(join(root, 'tsconfig')).sort()) {
  const args = ['-p', join('tsconfig', file)]
  await step(`types of ${file.replace('.json', '')}`, () =>
    file === 'renderer.json' ? runTool(root, 'vue-tsc', args) : runTool(root, 'typescript', args, 'tsc'),
  )
}
await step('format', () => runTool(root, 'oxfmt', ['--check', '.']))
await step('lint', () => runTool(root, 'oxlint', []))
await step('import rules and sizes', () =>
  runTool(root, 'vitest', ['run', 'test/rules', '--project', 'node', '--reporter', 'dot']),
)

const { files, functions } = largest(root, 10)
console.log('\nThe largest files (lines)')
for (const { name, lines } of files) console.log(`${String(lines).padStart(5)}  ${name}`)
console.log('\nThe largest functions (lines)')
for (const { name, lines } of functions) console.log(`${String(lines).padStart(5)}  ${name}`)

const page = pageSizes(root)
console.log(
  page.length === 0
    ? '\nThe page is not built ("npm run build"), so its sizes are not known.'
    : '\nThe page as it was built last (kB, gzip kB)',
)
for (const { name, bytes, gzip } of page)
  console.log(`${(bytes / 1000).toFixed(0).padStart(5)}  ${(gzip / 1000).toFixed(0).padStart(4)}  ${name}`)
const foreign = foreignLoads(root)
for (const load of foreign) console.log(`The page would load from outside: ${load}`)
if (foreign.length > 0) failures.push('the page loads only its own')

console.log(failures.length === 0 ? '\nChecked: all is well.' : `\nNot well: ${failures.join(', ')}.`)
process.exitCode = failures.length === 0 ? 0 : 1

async function step(name: string, work: () => Promise<number>): Promise<void> {
  const began = performance.now()
  const code = await work()
  console.log(`${code === 0 ? 'ok ' : 'NOT'}  ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
  if (code !== 0) failures.push(name)
}
