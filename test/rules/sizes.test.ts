// A folder is a room that one can look over: no more than twenty files beside its sub-folders. A file holds one idea,
// usually in 60 to 300 lines, and opens by saying what it is. `npm run check` prints the ten largest.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root, sourcesIn } from './sources.ts'

const most = 20

it.each(['src', 'test', 'scripts', 'shaders', 'docs', 'examples'])('no folder of %s has more than 20 files', top => {
  const crowded = foldersBelow(top).filter(({ files }) => files > most)
  expect(crowded.map(({ path, files }) => `${path} has ${files} files; give it rooms by what they are for.`)).toEqual(
    [],
  )
})

it('every source of the app opens by saying what it is', () => {
  const silent = sourcesIn('src', ['.ts']).filter(
    ({ path, text }) => !path.endsWith('.d.ts') && !text.startsWith('// '),
  )
  expect(silent.map(({ path }) => `${path} does not open with a comment that says what it is.`)).toEqual([])
})

/** Every folder with the number of files that lie in it; what tools bring or leave does not count. */
function foldersBelow(path: string): { readonly path: string; readonly files: number }[] {
  const entries = readdirSync(join(root, path), { withFileTypes: true })
  const folders = entries.filter(entry => entry.isDirectory() && !['node_modules', '__pycache__'].includes(entry.name))
  const files = entries.filter(entry => entry.isFile() && !entry.name.startsWith('.')).length
  return [{ path, files }, ...folders.flatMap(folder => foldersBelow(`${path}/${folder.name}`))]
}
