// `npm test`: says loudly which GPU the tests run on, runs them all, then the stories in a real browser; the last line
// counts. Without a Chromium the stories are listed as not run. With CI=true whatever was not run is a failure. `npm
// test -- test/core` runs a part and leaves the browser out; `npm test -- test/e2e/models` runs stories.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfNeeded } from './build-if-needed.ts'
import { chromiumCommand, findChromium } from './find-chromium.ts'
import { runTool } from './run-tool.ts'

interface Counts {
  passed: number
  failed: number
  skipped: number
}

const root = join(import.meta.dirname, '..')
const ci = process.env['CI'] === 'true'
const filters = process.argv.slice(2)
const stories = filters.filter(filter => filter.startsWith('test/e2e'))
const others = filters.filter(filter => !stories.includes(filter))
const counts: Counts = { passed: 0, failed: 0, skipped: 0 }

await buildIfNeeded(root)
sayLoudly(gpuLine())
if (filters.length === 0 || others.length > 0) await runProjects(['node', 'page'], others)
if (filters.length === 0 || stories.length > 0) await runStories(stories)
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
const none = counts.passed + counts.failed + counts.skipped === 0
if (none) console.log(`No test lies under ${filters.join(', ')}.`)
if (ci && counts.skipped > 0) console.log('CI=true: what was not run counts as failed.')
process.exitCode = none || counts.failed > 0 || (ci && counts.skipped > 0) ? 1 : 0

/** Asked of the built app itself, so that it is the GPU that training would use. */
function gpuLine(): string {
  const output = execFileSync(process.execPath, [join(root, 'out', 'main', 'cli.js'), 'doctor', '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const findings = output
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { name?: string; value?: string })
  const gpu = findings.find(({ name }) => name === 'GPU')?.value ?? 'unknown'
  return gpu.startsWith('none')
    ? 'NO GPU: the tests run on the CPU device. scripts/software-gpu.sh installs a software GPU.'
    : `GPU: ${gpu}`
}

function sayLoudly(text: string): void {
  const line = '='.repeat(Math.min(100, text.length))
  console.log(`\n${line}\n${text}\n${line}`)
}

/** Answers the full titles of what was skipped. `quietly`: without telling each test. */
async function runProjects(projects: readonly string[], only: readonly string[], quietly = false): Promise<string[]> {
  const report = join(root, 'test-output', `${projects.join('-')}.json`)
  mkdirSync(join(root, 'test-output'), { recursive: true })
  rmSync(report, { force: true })
  const code = await runTool(root, 'vitest', [
    'run',
    ...only,
    ...projects.flatMap(name => ['--project', name]),
    ...(quietly ? [] : ['--reporter', 'default']),
    '--reporter',
    'json',
    '--outputFile.json',
    report,
    '--passWithNoTests',
  ])
  const result = readReport(report)
  const failed = count(result)
  if (code !== 0 && failed === 0) counts.failed++
  return result.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName),
  )
}

/** Adds the report's numbers; answers the failures in it. A file that could not even be loaded counts as one. */
function count(result: Report): number {
  const unloaded = result.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  const failed = result.numFailedTests + unloaded
  counts.passed += result.numPassedTests
  counts.failed += failed
  counts.skipped += result.numPendingTests + result.numTodoTests
  return failed
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

function readReport(report: string): Report {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Report
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }
  }
}

async function runStories(only: readonly string[]): Promise<void> {
  const chromium = findChromium()
  if (chromium) {
    console.log(`\nBrowser stories in ${chromium}`)
    await runProjects(['browser'], only)
    return
  }
  // Without a browser they skip themselves, by their names.
  const left = await runProjects(['browser'], only, true)
  sayLoudly(`NO CHROMIUM: these ${left.length} browser stories were not run. Install it with: ${chromiumCommand}`)
  for (const story of left) console.log(`not run  ${story}`)
}
