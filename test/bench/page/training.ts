// Training in the page's worker while a person scrolls: how far the steps a second fall, whether the page stays smooth,
// whether the charts keep up; and how soon after the end the first suspects are on screen.

import type { Page } from 'playwright-core'
import { atLeast, atMost, percentile, rounded, type PageLine } from './numbers.ts'
import type { Probe } from './probe.ts'
import { scrollSteadily } from './scrolling.ts'

declare const probe: Probe

const stage = (page: Page, name: string) =>
  page
    .getByRole('navigation', { name: 'Stages' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click()

export interface TrainingPlan {
  /** The choice under the chip in the bar, by its name. */
  readonly computeOn: 'The GPU' | 'The processor'
  readonly preset: string
  readonly size: number
  readonly epochs: number
  /** Seconds of each half: alone, and while scrolling. */
  readonly seconds: number
}

/** Starts a run and measures it beside the page. The run goes on, and the page is left in Train. `lastStep` reads the
 *  newest step of the run. */
export async function measureTraining(page: Page, plan: TrainingPlan, lastStep: () => number): Promise<PageLine[]> {
  await computeOn(page, plan.computeOn)
  await start(page, plan)
  await page.waitForTimeout(5000)
  const charts = await watchCharts(page, plan.seconds)
  await stage(page, 'Library')
  await page.locator('[role=gridcell] img').first().waitFor()
  const rates = await alternate(page, plan.seconds, lastStep)
  await stage(page, 'Train')
  const on = plan.computeOn === 'The GPU' ? "Chromium's software GPU" : 'the processor'
  return [
    atMost(
      `charts while training on ${on}, longest pause`,
      1000,
      charts.pause,
      'ms',
      `${charts.draws} drawings in ${plan.seconds} s`,
    ),
    atMost(`longest task in Train while training on ${on}`, 100, Math.max(0, ...charts.tasks), 'ms'),
    atLeast(
      `steps a second on ${on} while scrolling, of those alone`,
      0.9,
      percentile(rates.ratios, 0.5),
      `${rounded(rates.alone)} alone, ${rounded(rates.scrolling)} scrolling; ratios ${rates.ratios.map(rounded).join(', ')}`,
    ),
    atMost(`longest task while scrolling and training on ${on}`, 100, Math.max(0, ...rates.tasks), 'ms'),
    atMost(
      `median frame while scrolling and training on ${on}`,
      33,
      percentile(rates.frames, 0.5),
      'ms',
      `p95 ${rounded(percentile(rates.frames, 0.95))}`,
    ),
  ]
}

async function computeOn(page: Page, choice: TrainingPlan['computeOn']): Promise<void> {
  await page.locator('.top-bar .tools .chip').first().click()
  await page.getByRole('radio', { name: choice }).check()
  await page.keyboard.press('Escape')
}

async function start(page: Page, { preset, size, epochs }: TrainingPlan): Promise<void> {
  await stage(page, 'Train')
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page
    .getByLabel(/^\s*Network/)
    .first()
    .selectOption(preset)
  for (const [label, value] of [
    [/^\s*Edge/, String(size)],
    [/^\s*Epochs/, String(epochs)],
  ] as const) {
    await page.getByLabel(label).first().fill(value)
    await page.getByLabel(label).first().press('Tab')
  }
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await page.getByText(/validation photos · \d+ right/).waitFor({ timeout: 600_000 })
}

async function watchCharts(
  page: Page,
  seconds: number,
): Promise<{ readonly pause: number; readonly draws: number; readonly tasks: readonly number[] }> {
  const from = await page.evaluate(() => {
    probe.begin()
    return { draws: probe.draws.length, at: performance.now() }
  })
  await page.waitForTimeout(seconds * 1000)
  return page.evaluate(begin => {
    const draws = probe.draws.slice(begin.draws)
    const times = [begin.at, ...draws, performance.now()]
    return {
      pause: Math.max(...times.slice(1).map((at, i) => at - times[i]!)),
      draws: draws.length,
      tasks: probe.end().tasks,
    }
  }, from)
}

/** Turns of resting and scrolling, so that what else the machine does falls on both. */
async function alternate(
  page: Page,
  seconds: number,
  lastStep: () => number,
): Promise<{
  ratios: number[]
  alone: number
  scrolling: number
  frames: readonly number[]
  tasks: readonly number[]
}> {
  const turns: { alone: number; scrolling: number }[] = []
  const frames: number[] = []
  const tasks: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    const alone = await rateDuring(lastStep, () => page.waitForTimeout(seconds * 1000))
    const scrolling = await rateDuring(lastStep, async () => {
      const scrolled = await scrollSteadily(page, 1200, seconds)
      frames.push(...scrolled.frames)
      tasks.push(...scrolled.tasks)
    })
    turns.push({ alone, scrolling })
  }
  const mean = (key: 'alone' | 'scrolling') => turns.reduce((sum, turn) => sum + turn[key], 0) / turns.length
  return {
    ratios: turns.map(turn => turn.scrolling / turn.alone),
    alone: mean('alone'),
    scrolling: mean('scrolling'),
    frames,
    tasks,
  }
}

/** Steps a second while `work` lasts, by what the library has been told. */
async function rateDuring(lastStep: () => number, work: () => Promise<unknown>): Promise<number> {
  const [step, at] = [lastStep(), performance.now()]
  await work()
  return ((lastStep() - step) * 1000) / (performance.now() - at)
}

/** Stops the run on screen and measures how soon after its end the first suspects are shown. The page is left in
 *  Review. */
export async function firstSuspects(page: Page): Promise<PageLine> {
  await page.getByRole('button', { name: 'Stop, keep best' }).click()
  const link = page.getByRole('link', { name: 'See what it got wrong' })
  await link.waitFor({ timeout: 300_000 })
  const began = await page.evaluate(() => performance.now())
  await link.click()
  const shown = await page.evaluate(
    from =>
      new Promise<{ at: number; photos: number }>(resolve => {
        const look = () => {
          const photos = document.querySelectorAll('.strip .thumb').length
          const whole = [...document.querySelectorAll<HTMLImageElement>('.strip .thumb img')].filter(
            image => image.complete && image.naturalWidth > 0,
          )
          // The strip shows about a dozen at once; the others are there to scroll to. A queue may also be shorter.
          const late = performance.now() - from > 10_000
          if ((photos >= 20 && whole.length >= 10) || late) resolve({ at: performance.now(), photos })
          else requestAnimationFrame(look)
        }
        look()
      }),
    began,
  )
  return atMost(
    'from the end of training to the first 20 suspects',
    1000,
    shown.at - began,
    'ms',
    `${shown.photos} in the strip`,
  )
}
