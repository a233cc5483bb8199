// The main journey without a mouse: open the sample, label, select, exclude, undo, train, decide what is suspicious,
// and give a key another place.

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { noBrowser } from './app.ts'
import type { Visit } from './app.ts'
import { quickTraining } from './steps.ts'
import type { Steps } from './steps.ts'
import { tellStory } from './story.ts'

describe.skipIf(noBrowser)('by keyboard only', () => {
  let visit: Visit
  let page: Page
  let steps: Steps
  tellStory('keyboard', {}, opened => {
    ;({ page, steps, visit } = opened)
  })

  /** Tab until the element that has the focus answers to `wanted`. */
  async function tabTo(wanted: string): Promise<void> {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab')
      const name = await page.evaluate(() => {
        const element = document.activeElement
        return element ? (element.getAttribute('aria-label') ?? element.textContent ?? '').trim() : ''
      })
      if (name.startsWith(wanted)) return
    }
    throw new Error(`Eighty tabs did not lead to ${wanted}.`)
  }
  const focusedCell = () => page.evaluate(() => document.activeElement?.getAttribute('data-index') ?? null)

  it('opens the sample', async () => {
    await page.getByRole('heading', { name: /From a folder of photos/ }).waitFor()
    await tabTo('Open the sample library')
    await page.keyboard.press('Enter')
    await page.locator('[role=gridcell] img').first().waitFor({ timeout: 200_000 })
  })

  it('reaches the photos and moves among them', async () => {
    await page.locator('[role=gridcell][tabindex="0"]').waitFor()
    await page.keyboard.press('Tab')
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await tabTo('photo-')
    expect(await focusedCell()).toBe('0')
    await page.keyboard.press('End')
    const last = Number(await focusedCell())
    expect(last).toBeGreaterThan(200)
    await page.keyboard.press('Home')
    expect(await focusedCell()).toBe('0')
    await page.keyboard.press('ArrowRight')
    expect(await focusedCell()).toBe('1')
  })

  it('keeps the focus when the grid scrolls away under it', async () => {
    await page.evaluate(() => {
      document.querySelector('.viewport')!.scrollTop = 5000
    })
    await page.waitForTimeout(400)
    expect(await focusedCell()).toBe('1')
    await page.keyboard.press('ArrowRight')
    expect(await focusedCell()).toBe('2')
  })

  it('labels, selects a range, excludes it and takes it back', async () => {
    await page.keyboard.press('2')
    await steps.toast('1 photo labelled tiles')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await page.getByText('3 selected').first().waitFor()
    await page.keyboard.press('x')
    await steps.toast('3 photos excluded')
    await page.keyboard.press('Control+z')
    await steps.toast('Undone: 3 photos excluded')
    await page.keyboard.press('Escape')
  })

  it('views a photo, zooms, goes on, and comes back to its place', async () => {
    await page.keyboard.press('Space')
    const whole = page.getByRole('dialog').getByText(/whole photo, [\d,]+\s%/)
    await whole.waitFor()
    await page.keyboard.press('Equal')
    await whole.waitFor({ state: 'detached' })
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focusedCell()).not.toBeNull()
  })

  it('gives a key another place, names what is taken, and keeps it', async () => {
    await page.keyboard.press('Shift+Slash')
    await page.getByRole('dialog').waitFor()
    const exclude = page
      .getByRole('dialog')
      .getByRole('button', { name: /^exclude/ })
      .first()
    await exclude.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('KeyL')
    await page.getByRole('alert').getByText('L is already used by: choose a class by name').waitFor()
    await page.keyboard.press('KeyE')
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByRole('gridcell').first().focus()
    await page.keyboard.press('e')
    await steps.toast('1 photo excluded')
    await page.keyboard.press('Control+z')
  })

  it('trains', async () => {
    await page.keyboard.press('Alt+3')
    await page.getByRole('button', { name: 'Train', exact: true }).waitFor()
    await steps.setUpTraining({ ...quickTraining, epochs: 6 })
    await page.getByRole('button', { name: 'Train', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'See what it got wrong' }).waitFor({ timeout: 280_000 })
  })

  it('decides what is suspicious', async () => {
    await page.keyboard.press('Alt+4')
    await page.locator('.strip .thumb').first().waitFor()
    const first = await page.locator('figcaption').textContent()
    await page.keyboard.press('KeyU')
    await page.locator('figcaption', { hasText: first! }).waitFor({ state: 'detached' })
    await page.keyboard.press('ArrowLeft')
    await page.locator('figcaption', { hasText: first! }).waitFor()
    await page.getByText('not sure').first().waitFor()
    await page.keyboard.press('KeyV')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
  })

  it('had no error on the way', () => {
    expect(visit.complaints).toEqual([])
  })
})
