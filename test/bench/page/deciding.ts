// Deciding by keys: from a key to the stored label in the Library, and from a key to the next photo on screen in
// Review.

import type { JSHandle, Page } from 'playwright-core'
import { atMost, percentile, rounded, within, type PageLine } from './numbers.ts'
import type { Probe } from './probe.ts'

declare const probe: Probe

/** From each key to the answer of the service that the label is stored, ms. */
export async function labelByKeys(page: Page, times: number): Promise<number[]> {
  // From the top anew: after long scrolls the first photos would have to be read again under the first keys.
  await page.reload()
  await page.locator('[role=gridcell][data-index="0"] img').waitFor()
  await page.getByRole('gridcell').first().click()
  const before = await page.evaluate(() => ({
    keys: probe.keys.length,
    answers: probe.answered('photos.label').length,
  }))
  for (let i = 0; i < times; i++) {
    await page.keyboard.press(`Digit${1 + (i % 5)}`)
    await page.waitForTimeout(120)
  }
  await page.waitForFunction(count => probe.answered('photos.label').length >= count, before.answers + times)
  return page.evaluate(from => {
    const stored = probe.answered('photos.label').slice(from.answers)
    return probe.keys.slice(from.keys).map((at, i) => stored[i]! - at)
  }, before)
}

/** From each key until the next photo's picture is complete and a frame with it has been drawn, ms; fewer where the
 *  queue is shorter. */
export async function decideByKeys(page: Page, times: number): Promise<number[]> {
  const place = await page.locator('.strip [aria-current="true"]').getAttribute('aria-label')
  const [at, of] = /(\d+) of (\d+)/.exec(place!.replaceAll(',', ''))!.slice(1).map(Number)
  const waits: number[] = []
  for (let i = 0; i < Math.min(times, of! - at!); i++) {
    const watch = await watchNextPhoto(page)
    await page.keyboard.press(['KeyK', 'KeyU', 'Enter'][i % 3]!)
    waits.push(
      await within(
        30,
        `The photo after decision ${i + 1} of ${of! - at!}`,
        watch.evaluate(({ shown }) => shown),
      ),
    )
    await page.waitForTimeout(150)
  }
  return waits
}

/** Resolves when the page watches, so that no key is faster than that; `shown` is told of the first key from then on.
 */
function watchNextPhoto(page: Page): Promise<JSHandle<{ readonly shown: Promise<number> }>> {
  return page.evaluateHandle(() => ({
    shown: new Promise<number>(resolve => {
      const picture = () => document.querySelector<HTMLImageElement>('.table-top img[alt]:not([alt=""])')
      const was = picture()?.alt
      const keysBefore = probe.keys.length
      const look = () => {
        const ready = [...document.querySelectorAll<HTMLImageElement>('.table-top img')].some(
          image => image.complete && image.naturalWidth > 0,
        )
        if (picture()?.alt === was || !ready) return void requestAnimationFrame(look)
        const channel = new MessageChannel()
        channel.port1.onmessage = () => resolve(performance.now() - probe.keys[keysBefore]!)
        requestAnimationFrame(() => channel.port2.postMessage(0))
      }
      requestAnimationFrame(look)
    }),
  }))
}

export function labelLine(waits: readonly number[]): PageLine {
  return atMost(
    'key to label stored, p95',
    50,
    percentile(waits, 0.95),
    'ms',
    `median ${rounded(percentile(waits, 0.5))}, of ${waits.length}`,
  )
}

export function decisionLine(waits: readonly number[]): PageLine {
  return atMost(
    'decision by key to next photo, p95',
    50,
    percentile(waits, 0.95),
    'ms',
    `median ${rounded(percentile(waits, 0.5))}, of ${waits.length}`,
  )
}
