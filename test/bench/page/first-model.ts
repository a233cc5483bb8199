// From the first start to a trained model, as a newcomer goes: the sample library with one click, Train with one
// button, nothing changed. Told with the processor alone, as in a browser without a GPU, and where Chromium imitates a
// GPU, which the page leaves for the processor too.

import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { buildIfNeeded } from '../../../scripts/build-if-needed.ts'
import { findChromium } from '../../../scripts/find-chromium.ts'
import { within } from './numbers.ts'
import { serve } from './start.ts'

const mustSeconds = 120
const patienceSeconds = 900
const quiet = ['--headless=new', '--no-sandbox', '--disable-gpu-sandbox']
const machines = [
  { name: 'without a GPU', args: quiet },
  {
    name: 'where a GPU is only imitated',
    args: [...quiet, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader'],
  },
] as const

/** Prints a line for each kind of machine. Rejects where there is no Chromium. */
export async function reportFirstModel(): Promise<void> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('This figure needs a Chromium.')
  await buildIfNeeded(join(import.meta.dirname, '../../..'))
  for (const { name, args } of machines) {
    const browser = await chromium.launch({ executablePath, headless: false, args: [...args] })
    try {
      const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1440, height: 900 } })
      page.setDefaultTimeout(patienceSeconds * 1000)
      const { seconds, outcome } = await inNewHome(address =>
        within(patienceSeconds, `The first model ${name}`, trainFirst(page, address)),
      )
      const held = seconds <= mustSeconds ? 'held  ' : 'MISSED'
      console.log(
        `${held}  first start to trained model ${name}: ${seconds.toFixed(0)} s (must: ${mustSeconds} s; ${outcome}); ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`,
      )
    } finally {
      await browser.close()
    }
  }
}

async function inNewHome<T>(work: (address: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'winnow-first-'))
  const served = await serve(home, [])
  try {
    return await work(served.address)
  } finally {
    await served.end()
    rmSync(home, { recursive: true, force: true })
  }
}

async function trainFirst(
  page: Page,
  address: string,
): Promise<{ readonly seconds: number; readonly outcome: string }> {
  await page.goto(address)
  const began = performance.now()
  await page.getByRole('button', { name: 'Open the sample library' }).click()
  await page.locator('[role=gridcell] img').first().waitFor()
  await page
    .getByRole('navigation', { name: 'Stages' })
    .getByRole('link', { name: /^Train/ })
    .click()
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await page.getByRole('link', { name: 'See what it got wrong' }).waitFor()
  const seconds = (performance.now() - began) / 1000
  return { seconds, outcome: await page.locator('.outcome p').first().innerText() }
}
