// A library of 100,000 photos in the page: only what is in view is in the document, the end is one key away, labels are
// stored, and all can be decided in one step. The figures are measured by `npm run bench -- page`; here it must merely
// work.

import { join } from 'node:path'
import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { makeLargeLibrary } from '../bench/page/large-library.ts'
import { keep, noBrowser } from './app.ts'
import type { Visit } from './app.ts'
import type { Steps } from './steps.ts'
import { tellStory } from './story.ts'

describe.skipIf(noBrowser)('a library of 100,000 photos', () => {
  let visit: Visit
  let page: Page
  let steps: Steps
  const library = async (home: string) => {
    const parent = join(home, 'large')
    mkdirSync(parent)
    return (await makeLargeLibrary(parent, 100_000, 100)).folder
  }
  tellStory('many', { library }, async opened => {
    ;({ page, steps, visit } = opened)
    await page.locator('[role=gridcell] img').first().waitFor()
  })

  it('mounts what is in view and no more', async () => {
    await page.getByRole('button', { name: /^All photos 100,000/ }).waitFor()
    expect(await page.getByRole('gridcell').count()).toBeLessThan(200)
    await keep(page, 'many')
  })

  it('is at its end with one key, and its photos are there', async () => {
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('End')
    await page.locator('[role=gridcell][data-index="99999"] img').waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-index'))).toBe('99999')
    expect(await page.getByRole('gridcell').count()).toBeLessThan(200)
  })

  // The photo with the focus is the one that keys act on: the last, an apple, not the first, which was clicked before.
  it('labels there', async () => {
    const last = page.locator('[role=gridcell][data-index="99999"]')
    await last.filter({ hasText: 'apple' }).waitFor()
    await page.keyboard.press('2')
    await steps.toast('1 photo labelled')
    await last.filter({ hasText: 'leaf' }).waitFor()
    await page.keyboard.press('Control+z')
    await steps.toast('Undone')
  })

  it('comes back to its place after a reload, also to a photo that is viewed', async () => {
    await page.evaluate(() => {
      document.querySelector('.viewport')!.scrollTop = 200_000
    })
    // The end, where it was before, is told until the scroll has come to rest.
    await page.waitForFunction(() => {
      const first = (history.state as { scrolled?: { first: number } }).scrolled?.first ?? 0
      return first > 5000 && first < 90_000
    })
    const first = await page.evaluate(() => (history.state as { scrolled: { first: number } }).scrolled.first)
    await page.reload()
    await page.locator(`[role=gridcell][data-index="${first}"] img`).waitFor()
    await page.locator(`[role=gridcell][data-index="${first + 20}"]`).dblclick()
    const name = await page.getByRole('dialog').getByRole('heading').textContent()
    await page.waitForURL(/view=1/)
    await page.reload()
    await page.getByRole('dialog').getByRole('heading', { name: name! }).waitFor()
  })

  it('labels and excludes the photo that is viewed, says so there, and takes it back', async () => {
    const viewer = page.getByRole('dialog')
    const name = await viewer.getByRole('heading').textContent()
    await page.keyboard.press('2')
    await viewer.locator('.toast').filter({ hasText: '1 photo labelled leaf' }).waitFor()
    await viewer.getByRole('heading', { name: name! }).waitFor({ state: 'detached' })
    await page.keyboard.press('ArrowLeft')
    await viewer.getByRole('heading', { name: name! }).waitFor()
    await viewer.locator('b', { hasText: 'leaf' }).waitFor()
    await page.keyboard.press('x')
    await viewer.locator('.toast').filter({ hasText: '1 photo excluded' }).getByRole('button', { name: 'Undo' }).click()
    await viewer.locator('.toast').filter({ hasText: 'Undone: 1 photo excluded' }).waitFor()
    await page.keyboard.press('l')
    await page.getByRole('combobox', { name: 'Type a class' }).fill('sto')
    await page.keyboard.press('Enter')
    await viewer.locator('.toast').filter({ hasText: '1 photo labelled stone' }).waitFor()
    await page.keyboard.press('Escape')
    await viewer.waitFor({ state: 'detached' })
  })

  it('finds by name among all', async () => {
    await page.getByLabel('Search by name or folder').fill('IMG_077777')
    await page.locator('[role=gridcell][aria-label^="IMG_077777.jpg"]').waitFor()
    await page.getByLabel('Search by name or folder').fill('')
    await page.locator('[role=gridcell][data-index="5"]').waitFor()
  })

  it('decides about all in one step and takes it back', async () => {
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('Control+a')
    await page.getByText('100,000 selected').first().waitFor()
    await page.keyboard.press('x')
    await steps.toast('100,000 photos excluded')
    await page.keyboard.press('Control+z')
    await steps.toast('Undone: 100,000 photos excluded')
  })

  it('had no error on the way', () => {
    expect(visit.complaints).toEqual([])
  })
})
