// Wrong labels before anything is trained: Review offers to look for them, the planted one comes first, and after a decision the
// queue is made anew behind the photo in question. Photos without a label then get a proposal.

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { keep, noBrowser } from './app.ts'
import type { Visit } from './app.ts'
import type { Steps } from './steps.ts'
import { tellStory } from './story.ts'

describe.skipIf(noBrowser)('labels before the first run', () => {
  let visit: Visit
  let page: Page
  let steps: Steps
  tellStory('label-check', { photos: 16, added: 'Fruit and sky' }, opened => {
    ;({ page, steps, visit } = opened)
  })

  it('are offered to be checked in Review', async () => {
    await steps.stage('review')
    await page.getByText('Wrong labels can be found before anything is trained').waitFor()
    await keep(page, 'label-check-offer')
    await page.getByRole('button', { name: 'Look for wrong labels now' }).click()
    await page.locator('figcaption', { hasText: 'leaf-000' }).waitFor()
    await page.getByText(/looks? wrong, found before any training/).waitFor()
    await keep(page, 'label-check')
  })

  it('stand beside the photos that look like them', async () => {
    await page.getByRole('button', { name: 'Similar photos' }).click()
    await page.getByRole('heading', { name: 'Most like it' }).waitFor()
    // It was drawn as sky: so are most of those that look like it.
    expect(await page.getByRole('link', { name: /^sky-\d+/ }).count()).toBeGreaterThan(8)
    await keep(page, 'label-check-similar')
  })

  it('are put right there, and the check follows while the photo in question stays', async () => {
    await page.keyboard.press('Enter')
    await steps.toast('1 photo labelled sky')
    await page.locator('figcaption', { hasText: 'leaf-000' }).waitFor({ state: 'detached' })
    const asked = await page.locator('figcaption').textContent()
    await page.getByText('Photos that look alike judge each other’s labels').waitFor()
    await page.getByRole('button', { name: 'Look again' }).waitFor()
    expect(await page.locator('figcaption').textContent()).toBe(asked)
  })

  it('stay decided after a reload', async () => {
    await page.reload()
    await page.locator('figcaption').waitFor()
    expect(await page.locator('figcaption').textContent()).not.toContain('leaf-000')
    await page.getByRole('button', { name: /^Decided/ }).click()
    await page.locator('figcaption', { hasText: 'leaf-000' }).waitFor()
  })

  it('are proposed for photos that have none, the most useful first', async () => {
    await steps.stage('library')
    await page.getByPlaceholder('Name or folder').fill('sky-00')
    await page.locator('[role="gridcell"]').nth(10).waitFor({ state: 'detached' })
    await page.locator('[role="gridcell"]').first().click()
    await page.keyboard.press('Control+a')
    await page.keyboard.press('0')
    await steps.toast('Label taken from 10 photos')
    await steps.stage('review')
    await page.getByRole('button', { name: /^Without a label/ }).click()
    await page.getByText('No photo without a label has a proposal').waitFor()
    await page.getByRole('button', { name: 'Look again' }).click()
    await page.getByRole('button', { name: /Label: sky/ }).waitFor()
    await keep(page, 'proposals')
    await page.keyboard.press('Enter')
    await steps.toast('1 photo labelled sky')
    await page.locator('figcaption', { hasText: /sky-00/ }).waitFor()
  })

  it('are accepted above a confidence all at once, and taken back', async () => {
    const above = page.getByLabel(/^Take all proposals at least/)
    await above.fill('0.5')
    await page.getByRole('button', { name: /^Label \d photos$/ }).click()
    await steps.toast('labelled as proposed (50 % sure or more)')
    await page.getByText('No photo without a label has a proposal').waitFor()
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).last().click()
    await steps.toast('Undone')
    await page.locator('figcaption', { hasText: /sky-00/ }).waitFor()
  })

  it('had no error on the way', () => expect(visit.complaints).toEqual([]))
})
