// The page's figures on a library of 100,000 photos, in Chromium with its software GPU, against the real service: `npm
// run bench -- page`.
//   --photos N   another number of photos        --only scroll,keys,train   a part
// Prints one table and writes test-output/page-bench.json. Quiet cores matter: every line is a time on screen.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import { chromium, type Browser, type Page } from 'playwright-core'
import { buildIfNeeded } from '../../../scripts/build-if-needed.ts'
import { findChromium } from '../../../scripts/find-chromium.ts'
import { decideByKeys, decisionLine, labelByKeys, labelLine } from './deciding.ts'
import { makeLargeLibrary } from './large-library.ts'
import { pageTable, type PageLine } from './numbers.ts'
import { installProbe } from './probe.ts'
import { measureScrolling } from './scrolling.ts'
import { firstSuspects, measureTraining } from './training.ts'

export interface PageBenchOptions {
  readonly photos: number
  readonly only: readonly string[]
}

const root = join(import.meta.dirname, '../../..')
const kept = join(root, 'test-output')
const parts = ['scroll', 'keys', 'train'] as const

/** Rejects where there is no Chromium, or the service does not start. */
export async function benchPage({ photos, only }: PageBenchOptions): Promise<PageLine[]> {
  const executable = findChromium()
  if (!executable) throw new Error('These figures need a Chromium.')
  await buildIfNeeded(root)
  const home = mkdtempSync(join(tmpdir(), 'winnow-page-bench-'))
  const wanted = parts.filter(part => only.length === 0 || only.includes(part))
  try {
    console.log(`Making a library of ${photos} photos ...`)
    const library = await makeLargeLibrary(home, photos, Math.min(2000, Math.floor(photos / 10)))
    return await inBrowser(executable, home, library.folder, (page, browser) =>
      measure(page, browser, wanted, library.folder),
    )
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

async function measure(page: Page, browser: Browser, wanted: readonly string[], folder: string): Promise<PageLine[]> {
  const lines: PageLine[] = []
  const add = (...more: PageLine[]) => {
    lines.push(...more)
    for (const { name, must, shown, held } of more)
      console.log(`${held ? 'held  ' : 'MISSED'}  ${name}: ${shown} (must: ${must})`)
  }
  if (wanted.includes('scroll')) add(...(await measureScrolling(page, browser)))
  if (wanted.includes('keys')) add(labelLine(await labelByKeys(page, 100)))
  if (wanted.includes('train')) {
    const steps = stepReader(folder)
    add(
      ...(await measureTraining(
        page,
        { computeOn: 'The GPU', preset: 'softmax', size: 32, epochs: 4000, seconds: 10 },
        steps,
      )),
    )
    add(await firstSuspects(page))
    add(decisionLine(await decideByKeys(page, 60)))
    // One thread of two cores computes, as a GPU would, so drawing has a core of its own.
    add(
      ...(await measureTraining(
        page,
        { computeOn: 'The processor', preset: 'simple-conv', size: 16, epochs: 4000, seconds: 10 },
        steps,
      )),
    )
  }
  return lines
}

/** The newest step that the service has written down, 0 before the first. */
function stepReader(folder: string): () => number {
  const query =
    "SELECT json ->> 'step' FROM run_event WHERE json ->> 'type' = 'step' ORDER BY run_id DESC, seq DESC LIMIT 1"
  return () => {
    const db = new Database(join(folder, 'library.db'), { readonly: true })
    try {
      return Number(db.prepare(query).pluck().get() ?? 0)
    } finally {
      db.close()
    }
  }
}

async function inBrowser<T>(
  executablePath: string,
  home: string,
  library: string,
  work: (page: Page, browser: Browser) => Promise<T>,
): Promise<T> {
  const service = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'serve', '-L', library, '--json'], {
    env: { ...process.env, HOME: home, WINNOW_HOME: join(home, 'winnow') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const address = await addressOf(service)
    const browser = await chromium.launch({
      executablePath,
      headless: false,
      args: [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu-sandbox',
        '--disable-background-networking',
        '--no-first-run',
        '--enable-unsafe-webgpu',
        '--use-webgpu-adapter=swiftshader',
        '--enable-unsafe-swiftshader',
      ],
    })
    try {
      const page = await openPage(browser, address)
      return await work(page, browser).catch(async error => {
        await page.screenshot({ path: join(kept, 'page-bench-failed.png') })
        throw error
      })
    } finally {
      await browser.close()
    }
  } finally {
    const ended = new Promise(resolve => service.once('exit', resolve))
    if (service.kill('SIGTERM')) await ended
  }
}

async function openPage(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    colorScheme: 'dark',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(120_000)
  await page.addInitScript(installProbe)
  await page.goto(address)
  await page.locator('[role=gridcell] img').first().waitFor()
  return page
}

async function addressOf(service: ChildProcess): Promise<string> {
  for await (const line of createInterface(service.stdout!)) {
    const event = JSON.parse(line) as { address?: string }
    if (event.address) return event.address
  }
  throw new Error('The service ended before it listened.')
}

/** Prints the table and keeps it with what it was measured on. */
export function reportPage(lines: readonly PageLine[], photos: number): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  const machine = `${cpus().length} cores, load ${loadavg()
    .map(load => load.toFixed(1))
    .join(' ')}`
  console.log(`\n${photos} photos, commit ${commit}, ${machine}\n\n${pageTable(lines)}`)
  mkdirSync(kept, { recursive: true })
  writeFileSync(
    join(kept, 'page-bench.json'),
    JSON.stringify({ photos, commit, machine, date: new Date().toISOString(), lines }, null, 2),
  )
}
