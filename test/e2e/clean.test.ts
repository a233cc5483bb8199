// Doubtful photos as a queue: the limit of a kind decides how many there are, a key says that one is fine or excludes
// it, and all can be answered at once; everything is taken back by one key and is there after a reload. The photos are
// the sample's.

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { keep, noBrowser } from './app.ts'
import type { Visit } from './app.ts'
import type { Steps } from './steps.ts'
import { tellStory } from './story.ts'

describe.skipIf(noBrowser)('cleaning', () => {
  let visit: Visit
  let page: Page
  let steps: Steps
  tellStory('clean', {}, async opened => {
    ;({ page, steps, visit } = opened)
    await page.getByRole('button', { name: 'Open the sample library' }).click()
    await page.locator('[role=gridcell] img').first().waitFor({ timeout: 200_000 })
  })
  const kind = (name: string, photos: number) => page.getByRole('link', { name: new RegExp(`^${name} ${photos}$`) })
  const cells = async (count: number) => {
    await expect.poll(() => page.getByRole('gridcell').count()).toBe(count)
  }

  it('shows the photos of a kind, one as the answer is asked for', async () => {
    await steps.stage('clean')
    await page.getByRole('link', { name: /^Dark/ }).click()
    await kind('Dark', 3).waitFor()
    await cells(3)
    await page
      .getByText(/dark even in its brightest parts \(score/)
      .first()
      .waitFor()
  })

  it('has more photos with another limit, and the usual number with the usual one', async () => {
    const limit = page.getByRole('slider', { name: /^Limit/ })
    await limit.fill('0.9')
    await expect
      .poll(async () => Number(/\d+/.exec((await page.getByRole('link', { name: /^Dark/ }).textContent()) ?? '')![0]))
      .toBeGreaterThan(3)
    await keep(page, 'clean-limit')
    await page.getByRole('button', { name: 'Usual: 0.32' }).click()
    await kind('Dark', 3).waitFor()
    await cells(3)
  })

  it('takes a photo off the list by one key, says so, and brings it back by another', async () => {
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('a')
    await steps.toast('1 photo is fine as it is (Dark)')
    await cells(2)
    await page.reload()
    await kind('Dark', 2).waitFor()
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('Control+z')
    await steps.toast('Undone: 1 photo is fine as it is (Dark)')
    await kind('Dark', 3).waitFor()
  })

  it('leaves one for later, excludes the next, and goes on', async () => {
    await page.getByRole('gridcell').first().click()
    const second = await page.getByRole('gridcell').nth(1).getAttribute('title')
    await page.keyboard.press('s')
    await page.getByRole('heading', { name: second! }).waitFor()
    await page.keyboard.press('x')
    await steps.toast('1 photo excluded')
    await cells(2)
    await page.keyboard.press('Control+z')
    await cells(3)
  })

  it('decides in the viewer as well', async () => {
    await page.getByRole('gridcell').first().dblclick()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('a')
    await page
      .getByRole('dialog')
      .locator('.toast')
      .filter({ hasText: '1 photo is fine as it is (Dark)' })
      .getByRole('button', { name: 'Undo' })
      .click()
    await page.keyboard.press('Escape')
    await cells(3)
  })

  it('answers all of a kind at once', async () => {
    await page.getByRole('button', { name: 'All 3 are fine' }).click()
    await steps.toast('3 photos are fine as they are (Dark)')
    await page.getByRole('link', { name: /^Dark/ }).waitFor({ state: 'detached' })
    await page.keyboard.press('Control+z')
    await kind('Dark', 3).waitFor()
  })

  it('had no error on the way', () => {
    expect(visit.complaints).toEqual([])
  })
})
