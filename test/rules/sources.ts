// The project's own files and what each imports, read from its text.

import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** Files below `folder` with one of these endings. */
export function sourcesIn(folder: string, endings: readonly string[]): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      entry =>
        entry.isFile() &&
        !entry.parentPath.includes('node_modules') &&
        endings.some(ending => entry.name.endsWith(ending)),
    )
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

export interface Import {
  /** As written: './a.ts', 'zod', 'node:fs'. */
  readonly specifier: string
  /** From the root for relative imports, else the package ('node:fs', '@vueuse/core', 'onnxruntime-web'). */
  readonly target: string
  readonly typeOnly: boolean
}

/** `import a, { b } from 'x'`, `export * from 'x'` (1: type, 2: x), `import 'x'` (3), `import('x')` (4). */
const importLine = new RegExp(
  [
    String.raw`^\s*(?:import|export)\s+(type\s+)?(?:[\w$*]+(?:\s+as\s+[\w$]+)?\s*,?\s*)?(?:\{[^}]*\}\s*)?from\s*['"]([^'"]+)['"]`,
    String.raw`^\s*import\s*['"]([^'"]+)['"]`,
    String.raw`\bimport\(\s*['"]([^'"]+)['"]\s*\)`,
  ].join('|'),
  'gm',
)

/** Every import, re-export and dynamic import of the file. */
export function importsOf({ path, text }: SourceFile): Import[] {
  return [...text.matchAll(importLine)].map(match => {
    const specifier = (match[2] ?? match[3] ?? match[4])!
    return { specifier, target: targetOf(path, specifier), typeOnly: match[1] !== undefined }
  })
}

function targetOf(path: string, specifier: string): string {
  const [address] = specifier.split('?')
  if (address!.startsWith('.')) return posix.join(posix.dirname(path), address!)
  if (address!.startsWith('/')) return address!.slice(1)
  const parts = address!.split('/')
  return address!.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!
}
