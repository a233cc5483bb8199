// The tables of docs/benchmarks.md: a section for each part, each way of measuring and each adapter, replaced by the
// next run that measures the same. So a quick run never takes the place of a full one, nor a software GPU that of a
// real one.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workloadNames } from '../training/workload.ts'

/** What can be measured, in the order of the page. */
export const parts = ['kernels', ...workloadNames, 'evaluation', 'loader', 'first-step'] as const
export type Part = (typeof parts)[number]

export interface SectionKey {
  readonly part: Part
  /** Full and quick runs are Node's. */
  readonly way: 'full' | 'quick' | 'Chromium'
  /** All software GPUs share one place. */
  readonly adapter: { readonly name: string; readonly software: boolean }
}

const begin = '<!-- results: written by npm run bench -->'
const end = '<!-- end of results -->'
const mark = /<!-- section: (.+) -->/

/** `page` with the section at its place among those between the marks. Throws where the marks are lost. */
export function withSection(page: string, key: SectionKey, section: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < 0) throw new Error('docs/benchmarks.md has lost the marks between which the results go.')
  const [, ...found] = page.slice(from + begin.length, to).split(mark)
  const sections = new Map<string, string>()
  for (let i = 0; i < found.length; i += 2) sections.set(found[i]!, found[i + 1]!.trim())
  sections.set(nameOf(key), section)
  const sorted = [...sections].sort(([a], [b]) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1))
  return [
    page.slice(0, from + begin.length),
    ...sorted.map(([name, text]) => `<!-- section: ${name} -->\n\n${text}`),
    page.slice(to),
  ].join('\n\n')
}

export function writeSection(key: SectionKey, section: string): void {
  const path = join(import.meta.dirname, '..', '..', '..', 'docs', 'benchmarks.md')
  writeFileSync(path, withSection(readFileSync(path, 'utf8'), key, section))
}

function nameOf({ part, way, adapter }: SectionKey): string {
  return [part, way, adapter.software ? 'software GPU' : adapter.name].join(', ')
}

function placeOf(name: string): number {
  return (parts as readonly string[]).indexOf(name.split(', ')[0]!)
}
