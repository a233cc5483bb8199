// `npm run build:wasm`: the kernels of the CPU device, from wasm/ (AssemblyScript) into build/cpu-kernels.js: one module
// with relaxed SIMD and one with plain SIMD, as text, and the fields of every kernel's arguments. Nothing is built where
// no source is newer than what is there.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Field names of a kernel's arguments in order, each four bytes: an address, a whole number or an f32. */
export type ArgumentFields = readonly (readonly [name: string, type: 'usize' | 'i32' | 'f32'])[]

const root = join(import.meta.dirname, '..')
const sources = join(root, 'wasm')
const target = join(root, 'build', 'cpu-kernels.js')

/** Where the constants of the module begin; what lies below is src/core/cpu/layout.ts's. */
const memoryBase = 0x50000
/** Pages that the module asks for, to hold its constants. */
const initialPages = 6

/** The arguments of every exported kernel, by the name of its function: read from the classes in the sources. */
export function readArguments(texts: readonly string[]): Record<string, ArgumentFields> {
  const classes = new Map<string, ArgumentFields>()
  const kernels: Record<string, ArgumentFields> = {}
  for (const text of texts) {
    for (const [, name, body] of text.matchAll(/^export class (\w+) \{\n([\s\S]*?)^\}/gm)) {
      const fields = [...body!.matchAll(/^ {2}(\w+): (usize|i32|f32)$/gm)]
      classes.set(
        name!,
        fields.map(([, field, type]) => [field!, type as 'usize' | 'i32' | 'f32'] as const),
      )
    }
  }
  for (const text of texts) {
    for (const [, name, type] of text.matchAll(/^export function (\w+)\(\s*_?args: (\w+),\s*first: i32/gm)) {
      const fields = classes.get(type!)
      if (!fields) throw new Error(`${name} takes ${type}, which is no exported class of wasm/.`)
      kernels[name!] = fields
    }
  }
  return kernels
}

/** The texts of all sources in wasm/. */
export function sourceTexts(): string[] {
  return sourceFiles().map(file => readFileSync(file, 'utf8'))
}

function sourceFiles(): string[] {
  return readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(sources, name))
}

function compile(features: string, folder: string): string {
  const out = join(folder, 'kernels.wasm')
  const asc = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js')
  const options = [
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--disableWarning',
    '112',
    '--use',
    'abort=',
    '--importMemory',
    '--sharedMemory',
  ]
  const memory = ['--initialMemory', `${initialPages}`, '--maximumMemory', '65536', '--memoryBase', `${memoryBase}`]
  const files = [join(sources, 'index.ts'), '-o', out]
  execFileSync(process.execPath, [asc, ...files, ...options, ...memory, '--enable', features], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return readFileSync(out).toString('base64')
}

function isFresh(): boolean {
  const built = statSync(target, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return [...sourceFiles(), import.meta.filename].every(file => statSync(file).mtimeMs < built)
}

function write(relaxed: string, simd: string): void {
  mkdirSync(join(root, 'build'), { recursive: true })
  const lines = [
    '// Written by scripts/build-wasm.ts.',
    `export const relaxed = '${relaxed}'`,
    `export const simd = '${simd}'`,
    `export const fields = ${JSON.stringify(readArguments(sourceTexts()))}`,
  ]
  const types = [
    'export const relaxed: string',
    'export const simd: string',
    "export const fields: Readonly<Record<string, readonly (readonly [name: string, type: 'usize' | 'i32' | 'f32'])[]>>",
  ]
  writeFileSync(target.replace(/js$/, 'd.ts'), `${types.join('\n')}\n`)
  writeFileSync(target, `${lines.join('\n')}\n`)
}

/** Builds the kernels unless they are newer than their sources. */
export function buildWasm(): void {
  if (isFresh()) return
  const folder = mkdtempSync(join(tmpdir(), 'winnow-wasm-'))
  try {
    write(compile('simd,relaxed-simd,threads', folder), compile('simd,threads', folder))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.filename === process.argv[1]) {
  buildWasm()
  console.log('The kernels of the CPU device lie in build/cpu-kernels.js.')
}
