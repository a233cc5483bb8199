// How much the built page weighs: what a browser loads before the first view, what each view adds, and the training
// worker; as files and as gzip would carry them. Also finds addresses of other machines, of which a page that loads
// nothing from outside has none.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface PagePart {
  readonly name: string
  readonly bytes: number
  readonly gzip: number
}

/** First what every start loads, then the other files from 10 kB on by size. Empty where the page is not built. */
export function pageSizes(root: string): PagePart[] {
  const folder = join(root, 'out', 'renderer')
  if (!existsSync(join(folder, 'index.html'))) return []
  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  const first = [...index.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(match => match[1]!)
  const others = readdirSync(join(folder, 'assets'))
    .map(name => `assets/${name}`)
    .filter(name => !first.includes(name) && /\.(js|css)$/.test(name))
  const sized = others
    .map(name => part(name.replace(/^assets\/(.*)-[\w-]{8}\.(\w+)$/, '$1.$2'), [join(folder, name)]))
    .sort((a, b) => b.bytes - a.bytes)
  return [
    part('before the first view', [join(folder, 'index.html'), ...first.map(name => join(folder, name))]),
    ...sized.filter(({ bytes }) => bytes >= 10_000),
  ]
}

/** Scripts, styles, fonts or pictures that the page's files would fetch from elsewhere: none but namespaces and words
 *  in texts are allowed. */
export function foreignLoads(root: string): string[] {
  const folder = join(root, 'out', 'renderer')
  if (!existsSync(join(folder, 'index.html'))) return []
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => /\.(html|css|js)$/.test(name))
  const loads =
    /(?:src|href)=["']https?:\/\/[^"']+|url\(["']?https?:\/\/[^)]+|@import\s+["']?https?:\/\/[^"';]+|import\(["']https?:\/\/[^"']+|importScripts\(["']https?:\/\/[^"']+/g
  return files.flatMap(name =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(loads)].map(match => `${name}: ${match[0]}`),
  )
}

function part(name: string, files: readonly string[]): PagePart {
  const contents = files.map(file => readFileSync(file))
  return {
    name,
    bytes: contents.reduce((sum, { length }) => sum + length, 0),
    gzip: contents.reduce((sum, content) => sum + gzipSync(content).length, 0),
  }
}
