// From a cold start to a window that can be used: the built app's service is started as a person would start it, and a
// fresh tab of a Chromium that already runs opens its address. Usable is when photos of the library stand in the grid
// and a key moves the focus.

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Browser } from 'playwright-core'
import { buildIfNeeded } from '../../../scripts/build-if-needed.ts'
import { findChromium } from '../../../scripts/find-chromium.ts'

const root = join(import.meta.dirname, '../../..')
const mustMs = 2000

interface Start {
  /** From the start of the process to the printed address. */
  readonly serviceMs: number
  /** From there to photos on screen. */
  readonly pageMs: number
}

export interface Served {
  readonly address: string
  end(): Promise<void>
}

/** Prints each start and the medians. Rejects where there is no Chromium. */
export async function reportStart(rounds: number): Promise<void> {
  const executable = findChromium()
  if (!executable) throw new Error('This figure needs a Chromium.')
  await buildIfNeeded(root)
  const home = mkdtempSync(join(tmpdir(), 'winnow-start-'))
  const browser = await chromium.launch({
    executablePath: executable,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu-sandbox'],
  })
  try {
    await makeSample(browser, home)
    const starts: Start[] = []
    for (let round = 0; round < rounds; round++) {
      starts.push(await startOnce(browser, home))
      const { serviceMs, pageMs } = starts.at(-1)!
      console.log(
        `${round + 1}: service ${serviceMs.toFixed(0)} ms + page ${pageMs.toFixed(0)} ms = ${(serviceMs + pageMs).toFixed(0)} ms`,
      )
    }
    report(starts)
  } finally {
    await browser.close()
    rmSync(home, { recursive: true, force: true })
  }
}

function report(starts: readonly Start[]): void {
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!
  const total = median(starts.map(({ serviceMs, pageMs }) => serviceMs + pageMs))
  const parts = `service ${median(starts.map(start => start.serviceMs)).toFixed(0)}, page ${median(starts.map(start => start.pageMs)).toFixed(0)}`
  console.log(
    `${total <= mustMs ? 'held  ' : 'MISSED'}  cold start to usable window: median ${total.toFixed(0)} ms (${parts}; must: ${mustMs}); ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`,
  )
}

async function startOnce(browser: Browser, home: string): Promise<Start> {
  const began = performance.now()
  const served = await serve(home, ['-L', join(home, 'libraries', 'Sample.winnow')])
  const listening = performance.now()
  // A context of its own has nothing in memory: every file of the page comes from the service.
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } })
  try {
    const page = await context.newPage()
    await page.goto(served.address)
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll('[role=gridcell] img')].some(
          image => (image as HTMLImageElement).naturalWidth > 0,
        ),
      null,
      { polling: 'raf' },
    )
    return { serviceMs: listening - began, pageMs: performance.now() - listening }
  } finally {
    await context.close()
    await served.end()
  }
}

async function makeSample(browser: Browser, home: string): Promise<void> {
  const served = await serve(home, [])
  const context = await browser.newContext({ locale: 'en-US' })
  try {
    const page = await context.newPage()
    await page.goto(served.address)
    await page.getByRole('button', { name: 'Open the sample library' }).click()
    await page.locator('[role=gridcell] img').first().waitFor({ timeout: 120_000 })
  } finally {
    await context.close()
    await served.end()
  }
}

/** The built service in a home folder of its own; `end` waits until it has ended. */
export async function serve(home: string, args: readonly string[]): Promise<Served> {
  const service = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'serve', '--json', ...args], {
    env: { ...process.env, HOME: home, WINNOW_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(service.stdout)) {
    const { address } = JSON.parse(line) as { address?: string }
    if (address) return { address, end: () => ended(service) }
  }
  throw new Error('The service ended before it listened.')
}

function ended(service: ChildProcess): Promise<void> {
  const exit = new Promise<void>(resolve => service.once('exit', () => resolve()))
  service.kill('SIGTERM')
  return exit
}
