// Who may import whom (CONTRIBUTING.md). Each rule is a sentence; a broken one is reported with the file and what it
// imports.

import { describe, expect, it } from 'vitest'
import { importsOf, sourcesIn, type Import, type SourceFile } from './sources.ts'

const files = sourcesIn('src', ['.ts', '.vue'])

type Allowed = (target: string, found: Import) => boolean

/** Sentences for every import of the files in `folder` that is not allowed. */
function broken(folder: string, rule: string, allowed: Allowed): string[] {
  return files.filter(({ path }) => path.startsWith(folder)).flatMap(file => breaches(file, rule, allowed))
}

function breaches(file: SourceFile, rule: string, allowed: Allowed): string[] {
  return importsOf(file)
    .filter(found => !allowed(found.target, found))
    .map(({ specifier }) => `${file.path} imports ${specifier}. ${rule}`)
}

const inFolder =
  (...folders: string[]) =>
  (target: string) =>
    folders.some(folder => target.startsWith(`${folder}/`))

describe('who may import whom', () => {
  it('core', () => {
    const rule = 'Core imports only core, its shaders and its built kernels: the platform is handed in.'
    expect(broken('src/core/', rule, inFolder('src/core', 'shaders', 'build'))).toEqual([])
  })

  it('contract', () => {
    const rule = 'The contract imports only itself, zod, and types from core.'
    expect(
      broken(
        'src/contract/',
        rule,
        (target, { typeOnly }) =>
          inFolder('src/contract')(target) || target === 'zod' || (typeOnly && inFolder('src/core')(target)),
      ),
    ).toEqual([])
  })

  it('training', () => {
    const rule = 'Training imports core and the contract: every host runs it.'
    expect(broken('src/training/', rule, inFolder('src/training', 'src/core', 'src/contract'))).toEqual([])
  })

  it('main', () => {
    const rule = 'Main imports the contract, core, training and itself; never the page.'
    const own = inFolder('src/main', 'src/contract', 'src/core', 'src/training')
    expect(broken('src/main/', rule, target => own(target) || !target.startsWith('src/'))).toEqual([])
  })

  it('services', () => {
    const rule = 'Services do not know their hosts: hosts import services.'
    const services = ['common', 'formats', 'db', 'pixels', 'library', 'runs', 'review', 'export']
    const found = services.flatMap(name =>
      broken(
        `src/main/${name}/`,
        rule,
        target => !inFolder('src/main/hosts', 'src/main/electron', 'src/training')(target),
      ),
    )
    expect(found).toEqual([])
  })

  it('rooms of the library', () => {
    const order = ['jobs', 'tables', 'checks', 'decisions', 'photos', 'files', 'lists', 'import']
    const rule = `A room of the library imports rooms before it (${order.join(' < ')}) and the context, no other file.`
    const at = (room: string) => `src/main/library/${room}`
    const found = order.flatMap((room, i) =>
      broken(
        `${at(room)}/`,
        rule,
        target =>
          !inFolder('src/main/library')(target) ||
          target === at('context.ts') ||
          inFolder(...order.slice(0, i + 1).map(at))(target),
      ),
    )
    expect(found).toEqual([])
  })

  it('the page', () => {
    const rule = 'The page imports the contract and itself; only renderer/training imports core and training.'
    const page = inFolder('src/renderer', 'src/contract')
    const found = broken('src/renderer/', rule, target => page(target) || !target.startsWith('src/')).filter(
      sentence => !sentence.startsWith('src/renderer/training/'),
    )
    expect(found).toEqual([])
    expect(broken('src/renderer/training/', rule, target => !target.startsWith('src/main/'))).toEqual([])
  })
})

describe('one folder owns each heavy dependency', () => {
  it.each([
    ['better-sqlite3', ['src/main/db/']],
    ['sharp', ['src/main/pixels/']],
    ['libheif-js', ['src/main/pixels/']],
    ['electron', ['src/main/electron/']],
    ['chart.js', ['src/renderer/charts/']],
    ['webgpu', ['src/main/hosts/']],
    ['ws', ['src/main/hosts/']],
    ['commander', ['src/main/hosts/']],
    ['cli-progress', ['src/main/hosts/']],
    ['open', ['src/main/hosts/']],
    ['onnxruntime-web', ['src/main/export/']],
    ['zod', ['src/contract/']],
    ['csv-parse', ['src/main/formats/']],
    ['iconv-lite', ['src/main/formats/']],
    ['chardet', ['src/main/formats/']],
    ['fflate', ['src/main/formats/']],
    ['tar-stream', ['src/main/export/']],
  ])('%s belongs to %j', (name, owners) => {
    const found = files
      .filter(({ path }) => !owners.some(owner => path.startsWith(owner)))
      .flatMap(file =>
        importsOf(file)
          .filter(({ target, typeOnly }) => target === name && !typeOnly)
          .map(() => `${file.path} imports ${name}, which belongs to ${owners.join(', ')}.`),
      )
    expect(found).toEqual([])
  })
})

describe('relative imports', () => {
  it('name the file with its ending, so that Node runs the sources as they are', () => {
    const found = files.flatMap(file =>
      importsOf(file)
        .filter(
          ({ specifier }) =>
            specifier.startsWith('.') && !/\.(ts|vue|css|js|wgsl\?raw|json|svg|ts\?worker&url)$/.test(specifier),
        )
        .map(({ specifier }) => `${file.path} imports ${specifier} without its ending.`),
    )
    expect(found).toEqual([])
  })
})

describe('the reader of imports', () => {
  const found = (text: string) =>
    importsOf({ path: 'src/a/b.ts', text }).map(({ target, typeOnly }) => [target, typeOnly])

  it('sees every way to import', () => {
    expect(
      found(
        "import a from 'x'\nimport { b,\n  c } from \"./c.ts\"\nimport 'side'\nexport * from '../d.ts'\nconst e = await import('e')",
      ),
    ).toEqual([
      ['x', false],
      ['src/a/c.ts', false],
      ['side', false],
      ['src/d.ts', false],
      ['e', false],
    ])
    expect(found("import type { T } from '@scope/name/deep'\nimport s from '/shaders/s.wgsl?raw'")).toEqual([
      ['@scope/name', true],
      ['shaders/s.wgsl', false],
    ])
  })
})
