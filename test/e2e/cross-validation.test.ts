// The careful check: as many nets as folds, each judging photos it has not seen, trained by the page in the background.
// What they found becomes the queue, the planted wrong label first, and is there after a reload.

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { keep, noBrowser } from './app.ts'
import type { Visit } from './app.ts'
import { quickTraining } from './steps.ts'
import type { Steps } from './steps.ts'
import { tellStory } from './story.ts'

describe.skipIf(noBrowser)('the careful check', () => {
  let visit: Visit
  let page: Page
  let steps: Steps
  tellStory('careful', { photos: 12, added: 'Fruit' }, async opened => {
    ;({ page, steps, visit } = opened)
    await steps.setUpTraining(quickTraining)
    await steps.train()
    await page.getByRole('link', { name: 'See what it got wrong' }).click()
    await page.locator('.strip .thumb').first().waitFor()
  })
  const side = () => page.locator('.side.left')

  it('says what it will do before it begins', async () => {
    await side().getByRole('button', { name: 'Careful check' }).click()
    await side()
      .getByText(/^Trains 3 models, each judging photos it has not seen/)
      .waitFor()
  })

  it('goes on while another stage is on screen', async () => {
    await side().getByRole('button', { name: 'Start the careful check' }).click()
    await side()
      .getByRole('progressbar', { name: 'Careful check' })
      .or(page.locator('.toast', { hasText: 'The careful check is ready' }))
      .first()
      .waitFor()
    await steps.stage('library')
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('ArrowRight')
    await steps.stage('review')
  })

  it('puts the wrong label first, found by models that had not seen it', async () => {
    await page.getByText(/Judged by a model that had not seen this photo/).waitFor({ timeout: 240_000 })
    await page.locator('figcaption', { hasText: 'leaf-000' }).waitFor()
    await expect
      .poll(() => side().getByLabel('Found by').locator('option').first().textContent())
      .toMatch(/^careful check/)
    await keep(page, 'careful-check')
    await page.reload()
    await page.getByText(/Judged by a model that had not seen this photo/).waitFor()
    await page.locator('figcaption', { hasText: 'leaf-000' }).waitFor()
  })

  it('had no error on the way', () => {
    expect(visit.complaints).toEqual([])
  })
})
