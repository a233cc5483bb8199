// The core as others get it: built, packed, unpacked into a project that knows nothing of the checkout, type-checked there
// with no library left out, run by plain Node on the reference device, and built into a page by plain Vite.

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildCore } from '../../scripts/build-core.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'winnow-package-'))
const installed = join(folder, 'node_modules', '@winnow', 'core')
const run = promisify(execFile)

beforeAll(async () => {
  const built = join(folder, 'built')
  await buildCore(root, built)
  const shell = process.platform === 'win32'
  const { stdout } = await run('npm', ['pack', '--json', '--offline', '--pack-destination', folder], {
    cwd: built,
    shell,
  })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  mkdirSync(installed, { recursive: true })
  await run('tar', ['-xzf', join('..', '..', '..', filename), '--strip-components', '1'], { cwd: installed })
  link('@types', 'node')
  writeProject()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What npm would install beside the package. */
function link(scope: string, name: string): void {
  mkdirSync(join(folder, 'node_modules', scope), { recursive: true })
  symlinkSync(join(root, 'node_modules', scope, name), join(folder, 'node_modules', scope, name), 'junction')
}

function writeProject(): void {
  const program = readFileSync(join(import.meta.dirname, 'package-program.ts'), 'utf8')
  writeFileSync(join(folder, 'program.mts'), program.replace('../../src/core/index.ts', '@winnow/core'))
  const compilerOptions = {
    target: 'ES2023',
    module: 'NodeNext',
    lib: ['ES2023', 'DOM'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    outDir: 'out',
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.mts'] }))
}

it('has a name, a version, types, and nothing but what is used', async () => {
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(manifest).toMatchObject({ name: '@winnow/core', version, license: 'MIT', type: 'module' })
  const module = readFileSync(join(installed, 'index.js'), 'utf8')
  expect(module).toContain('fn main')
  expect(module.match(/^import .*/gm)).toBeNull()
  expect(readFileSync(join(installed, 'types', 'index.d.ts'), 'utf8')).not.toMatch(/\.ts'/)
  const own = [...module.matchAll(/import\("\.\/([^"]+)"\)/g)].map(([, name]) => name!)
  expect(own).toEqual(['cpu-kernels.js'])
  for (const name of own) expect(readdirSync(installed)).toContain(name)
})

it('comes with its licence, and is not built without one', async () => {
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8')
  expect(readFileSync(join(installed, 'LICENSE'), 'utf8')).toBe(licence)
  await expect(buildCore(join(folder, 'nowhere'), join(folder, 'unbuilt'))).rejects.toThrow(
    /licence of the package is not at/,
  )
})

it('goes into a plain Vite project, which knows nothing of shaders', async () => {
  const project = join(folder, 'vite')
  mkdirSync(project, { recursive: true })
  writeFileSync(join(project, 'index.html'), '<!doctype html><script type="module" src="./main.ts"></script>')
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module', private: true }))
  const program = readFileSync(join(import.meta.dirname, 'package-program.ts'), 'utf8')
  writeFileSync(join(project, 'main.ts'), program.replace('../../src/core/index.ts', '@winnow/core'))
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const { stdout, stderr } = await run(process.execPath, [vite, 'build', '--minify', 'false'], { cwd: project })
  expect(stderr).toBe('')
  expect(stdout).toContain('built in')
  const assets = readdirSync(join(project, 'dist', 'assets'))
  expect(assets.toSorted()).toEqual([
    expect.stringMatching(/^cpu-kernels-.*\.js$/),
    expect.stringMatching(/^index-.*\.js$/),
  ])
  const module = readFileSync(
    join(
      project,
      'dist',
      'assets',
      assets.find(name => name.startsWith('index'))!,
    ),
    'utf8',
  )
  expect(module).toContain('fn main')
  expect(module.match(/^import .*/gm)).toBeNull()
})

it('type-checks in a project of its own, and trains in plain Node', async () => {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const checked = await run(process.execPath, [tsc, '-p', folder]).catch((error: { stdout: string }) => error)
  expect(checked.stdout).toBe('')
  const { stdout } = await run(process.execPath, [join(folder, 'out', 'program.mjs')])
  const { losses, onnxBytes, device } = JSON.parse(stdout) as { losses: number[]; onnxBytes: number; device: object }
  expect(losses).toHaveLength(4)
  expect(losses.at(-1)!).toBeLessThan(losses[0]!)
  expect(onnxBytes).toBeGreaterThan(500)
  expect(device).toEqual({ kind: 'cpu', reference: false }) // its kernels came with the package
})
