// Scrolling through the library: how soon the first thumbnails are there, frames and long tasks at a reader's pace, in
// a flight from end to end and by jumps of the scroll bar, and what memory the page's process holds afterwards.

import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { atMost, percentile, rounded, type PageLine } from './numbers.ts'
import type { Probe } from './probe.ts'

declare const probe: Probe

/** From the reload's beginning until every thumbnail of the first screen is drawn, ms. */
export async function firstThumbnails(page: Page): Promise<number> {
  await page.reload({ waitUntil: 'commit' })
  return page.evaluate(
    () =>
      new Promise<number>(resolve => {
        const look = () => {
          const cells = [...document.querySelectorAll<HTMLElement>('[role=gridcell]')].filter(
            cell => cell.getBoundingClientRect().top < innerHeight,
          )
          const whole =
            cells.length > 0 &&
            cells.every(cell => {
              const image = cell.querySelector('img')
              return image?.complete && image.naturalWidth > 0
            })
          if (whole) resolve(performance.now())
          else requestAnimationFrame(look)
        }
        look()
      }),
  )
}

export interface Scrolled {
  readonly frames: readonly number[]
  readonly tasks: readonly number[]
}

/** Scrolls from where it is at so many pixels a second for so long, or to the end. */
export async function scrollSteadily(page: Page, pixelsPerSecond: number, seconds: number): Promise<Scrolled> {
  return page.evaluate(
    ({ speed, ms }) =>
      new Promise<Scrolled>(resolve => {
        const viewport = document.querySelector<HTMLElement>('.viewport')!
        const from = viewport.scrollTop
        const began = performance.now()
        probe.begin()
        const step = () => {
          const passed = performance.now() - began
          viewport.scrollTop = from + (speed * passed) / 1000
          if (passed < ms && viewport.scrollTop + viewport.clientHeight < viewport.scrollHeight - 1)
            requestAnimationFrame(step)
          else resolve(probe.end())
        }
        requestAnimationFrame(step)
      }),
    { speed: pixelsPerSecond, ms: seconds * 1000 },
  )
}

/** Jumps to places all over the list as a dragged scroll bar does; ms until the photos there are drawn. */
export async function jump(
  page: Page,
  times: number,
): Promise<{ readonly waits: number[]; readonly tasks: readonly number[] }> {
  await page.evaluate(() => probe.begin())
  const waits: number[] = []
  for (let i = 0; i < times; i++) {
    waits.push(
      await page.evaluate(
        share =>
          new Promise<number>(resolve => {
            const viewport = document.querySelector<HTMLElement>('.viewport')!
            const began = performance.now()
            viewport.scrollTop = viewport.scrollHeight * share
            const look = () => {
              const box = viewport.getBoundingClientRect()
              const cells = [...viewport.querySelectorAll<HTMLElement>('[role=gridcell]')].filter(cell => {
                const { top, bottom } = cell.getBoundingClientRect()
                return bottom > box.top && top < box.bottom
              })
              if (cells.length > 0 && cells.every(cell => cell.querySelector('img')?.complete))
                resolve(performance.now() - began)
              else requestAnimationFrame(look)
            }
            requestAnimationFrame(look)
          }),
        ((i * 37) % 100) / 100,
      ),
    )
  }
  return { waits, tasks: (await page.evaluate(() => probe.end())).tasks }
}

/** Resident memory of the largest process that draws pages, in MB. Shared libraries of the browser are counted in. */
export async function rendererMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))![1]) / 1000)
  return Math.max(...sizes)
}

export async function measureScrolling(page: Page, browser: Browser): Promise<PageLine[]> {
  const firsts = [await firstThumbnails(page), await firstThumbnails(page), await firstThumbnails(page)]
  const reading = await scrollSteadily(page, 1200, 12)
  const flight = await scrollSteadily(page, 120_000, 20)
  const jumps = await jump(page, 20)
  const tasks = [...reading.tasks, ...flight.tasks, ...jumps.tasks]
  const detail = (frames: readonly number[]) =>
    `p95 ${rounded(percentile(frames, 0.95))}, worst ${rounded(Math.max(...frames))}`
  return [
    atMost(
      'first thumbnails after a reload',
      1000,
      percentile(firsts, 0.5),
      'ms',
      `of 3: ${firsts.map(rounded).join(', ')}`,
    ),
    atMost(
      'scrolling at reading pace, median frame',
      33,
      percentile(reading.frames, 0.5),
      'ms',
      detail(reading.frames),
    ),
    atMost('flight through all photos, median frame', 33, percentile(flight.frames, 0.5), 'ms', detail(flight.frames)),
    atMost('longest task while scrolling', 100, Math.max(0, ...tasks), 'ms', `${tasks.length} over 50 ms`),
    atMost('photos drawn after a jump, median', 1000, percentile(jumps.waits, 0.5), 'ms', detail(jumps.waits)),
    atMost('memory of the page', 500, await rendererMemory(browser), 'MB', 'resident, of its process'),
  ]
}
