// `node scripts/notices.ts` writes THIRD-PARTY.md: the notices of everything that is shipped, which is what lies under
// "dependencies" of package.json and what the builder bundles into the page, each with all that it brings along. Names,
// versions and licence texts come from node_modules; of packages for one platform only, which are not installed on the
// others, from the lock file. `npm run check` compares the page with what this writes.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the page imports: devDependencies, because the builder puts them into out/ (docs/dependencies.md). */
export const bundled = ['@vueuse/core', 'chart.js', 'pinia', 'reka-ui', 'vue', 'vue-i18n', 'vue-router']

/** Packages of which a part is shipped: the weights of the backbone (scripts/backbone). */
const ofWeights = ['@mediapipe/objectron']

/** Packages without a licence file whose package.json names a person, not who holds the rights. */
const holders: Readonly<Record<string, string>> = {
  'onnxruntime-common': 'Microsoft Corporation',
  'onnxruntime-web': 'Microsoft Corporation',
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly author?: string | { readonly name: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Shipped {
  readonly name: string
  readonly version: string
  readonly license: string
  /** The text of its licence file; null where it lies in no package that is installed everywhere. */
  readonly text: string | null
  readonly author: string
  readonly where: Where
}

type Where = 'program' | 'page' | 'weights'

/** The whole of THIRD-PARTY.md for the repository at `root`. Throws where a package has neither licence nor file. */
export function noticesOf(root: string): string {
  const { dependencies } = readJson<Manifest>(join(root, 'package.json'))
  const shipped = new Map<string, Shipped>()
  for (const name of Object.keys(dependencies ?? {}))
    collect(root, join(root, 'node_modules', name), 'program', shipped)
  for (const name of bundled) collect(root, join(root, 'node_modules', name), 'page', shipped)
  for (const name of ofWeights) collect(root, join(root, 'node_modules', name), 'weights', shipped)
  const all = [...shipped.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return [head, table(all), '## Texts', ...texts(all)].join('\n\n') + '\n'
}

/** The package in `folder` and, below it, what it depends on. One that is met twice is kept once. */
function collect(root: string, folder: string, where: Where, shipped: Map<string, Shipped>): void {
  const manifest = readJson<Manifest>(join(folder, 'package.json'))
  const key = `${manifest.name}@${manifest.version}`
  if (shipped.has(key)) return
  shipped.set(key, describe(folder, manifest, where))
  const optional = Object.keys(manifest.optionalDependencies ?? {})
  for (const name of optional) collectOptional(root, name, where, shipped)
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (optional.includes(name) || name.startsWith('@types/') || name === '@webgpu/types') continue
    collect(root, find(folder, name), where, shipped)
  }
}

function describe(folder: string, { name, version, license, author }: Manifest, where: Where): Shipped {
  const file = readdirSync(folder).find(each => /^(?:licen[cs]e|copying)(?:\.(?:md|txt))?$/i.test(each))
  if (file === undefined && license === undefined)
    throw new Error(`${name} ${version} names no licence and has no licence file; ask its authors before shipping it.`)
  return {
    name,
    version,
    license: license ?? 'see its text',
    text: file === undefined ? null : tidy(readFileSync(join(folder, file), 'utf8')),
    author:
      holders[name] ??
      (typeof author === 'string' ? author.replace(/ *<.*/, '') : author?.name) ??
      `the authors of ${name}`,
    where,
  }
}

/** A package for one platform only: what the lock file says of it, so that the page is the same on all of them. */
function collectOptional(root: string, name: string, where: Where, shipped: Map<string, Shipped>): void {
  const lock = readJson<{ packages: Record<string, Manifest> }>(join(root, 'package-lock.json'))
  const locked = lock.packages[`node_modules/${name}`]
  if (locked === undefined) return
  const { version, license = 'unknown' } = locked
  shipped.set(`${name}@${version}`, { name, version, license, text: null, author: '', where })
}

/** Where Node finds `name` from the package in `folder`. */
function find(folder: string, name: string): string {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const candidate = join(at, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
  }
  throw new Error(`${name}, which ${folder} depends on, is not installed; run npm install.`)
}

const head = `# Notices of what Winnow ships

Winnow itself is under the [MIT License](LICENSE). Beside its own code a copy of it holds the packages below: those that are loaded from
node_modules when it runs, and those that are bundled into the page, with everything they depend on (also what the builder then leaves
out). The weights are those of the backbone, build/backbone: the trunk of the MobileNet v2 in the Open Images detector of
@mediapipe/objectron (Google, Apache-2.0). What ONNX Runtime's own binary holds is listed in <https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt>, what
libvips' holds in <https://github.com/lovell/sharp-libvips/blob/main/THIRD-PARTY-NOTICES.md>. This file is written by \`scripts/notices.ts\`; a test compares it.

libheif-js (libheif and libde265 as WebAssembly) and the libvips that sharp loads are under the LGPL. Both are files of their own, loaded as
they are, and may be replaced by another build of the same version. Their sources: <https://github.com/catdad-experiments/libheif-js>,
<https://github.com/strukturag/libheif>, <https://github.com/strukturag/libde265>, <https://github.com/lovell/sharp-libvips>.`

function table(all: readonly Shipped[]): string {
  const rows = all.map(({ name, version, license, where }) => `| ${name} | ${version} | ${license} | ${where} |`)
  return ['| package | version | licence | where |', '|---|---|---|---|', ...rows].join('\n')
}

/** Each text once, under the names of all packages that have it to the letter. */
function texts(all: readonly Shipped[]): string[] {
  const byText = new Map<string, string[]>()
  for (const { name, license, text, author } of all) {
    const whole = text ?? (license === 'MIT' ? mit(author) : null)
    if (whole !== null) byText.set(whole, [...new Set([...(byText.get(whole) ?? []), name])])
  }
  return [...byText].map(([text, names]) => `### ${names.join(', ')}\n\n\`\`\`text\n${text}\n\`\`\``)
}

/** For packages that say "MIT" and bring no text of it along. */
function mit(author: string): string {
  const own = readFileSync(join(import.meta.dirname, '..', 'LICENSE'), 'utf8')
  return tidy(own).replace(/^Copyright.*$/m, `Copyright (c) ${author}`)
}

const tidy = (text: string) =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll('```', "'''")
    .replace(/[ \t]+$/gm, '')
    .trim()

const readJson = <T>(path: string) => JSON.parse(readFileSync(path, 'utf8')) as T

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(import.meta.dirname, '..')
  writeFileSync(join(root, 'THIRD-PARTY.md'), noticesOf(root))
}
