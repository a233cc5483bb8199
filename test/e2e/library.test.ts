// The library by hand and by key: one label put right and taken back, everything of a filter in one step, classes
// renamed and merged; a folder that was moved, and the full check.

import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { keep, noBrowser } from './app.ts'
import type { Visit } from './app.ts'
import type { Steps } from './steps.ts'
import { tellStory } from './story.ts'

describe.skipIf(noBrowser)('the library', () => {
  let visit: Visit
  let page: Page
  let steps: Steps
  const app = tellStory('library', { photos: 16, added: 'Fruit and sky' }, opened => {
    ;({ page, steps, visit } = opened)
  })

  it('puts a label right by a key and takes it back', async () => {
    await page.getByLabel('Search by name or folder').fill('leaf-000')
    await page.getByRole('gridcell', { name: /leaf-000/ }).click()
    await page.keyboard.press('3')
    await steps.toast('1 photo labelled sky')
    await page.getByRole('gridcell', { name: /leaf-000.*sky/ }).waitFor()
    await page.keyboard.press('Control+z')
    await steps.toast('Undone: 1 photo labelled sky')
    await page.getByRole('gridcell', { name: /leaf-000.*leaf, / }).waitFor()
    await page.keyboard.press('Control+Shift+z')
    await page.getByRole('gridcell', { name: /leaf-000.*sky/ }).waitFor()
  })

  it('excludes everything of a filter in one step', async () => {
    await page.getByLabel('Search by name or folder').fill('')
    await page.getByRole('button', { name: /^apple/ }).click()
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('Control+a')
    await page.getByText('17 selected').first().waitFor()
    await page.keyboard.press('x')
    await steps.toast('17 photos excluded')
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).first().click()
    await steps.toast('Undone: 17 photos excluded')
  })

  it('gives a selection a split and takes it back', async () => {
    const inTest = (count: number) => page.getByRole('button', { name: new RegExp(`^Test ${count}$`) })
    await page.getByRole('button', { name: /^All photos 50/ }).click()
    await inTest(0).waitFor()
    await page.getByRole('gridcell').first().click()
    await page
      .getByRole('gridcell')
      .nth(2)
      .click({ modifiers: ['Shift'] })
    await page.getByText('3 selected').first().waitFor()
    await page.getByRole('combobox', { name: 'Split' }).selectOption('test')
    await steps.toast('3 photos moved to Test')
    await inTest(3).waitFor()
    await page.keyboard.press('Control+z')
    await steps.toast('Undone: 3 photos moved to Test')
    await inTest(0).waitFor()
  })

  it('comes back from another stage to its filter, and by its own link to all photos', async () => {
    await page.getByRole('button', { name: /^apple \d/ }).click()
    await page.getByRole('gridcell').nth(5).click()
    await page.waitForURL(/photo=\d+/)
    await steps.stage('clean')
    await page.waitForURL(/#\/clean/)
    await steps.stage('library')
    await page.getByRole('button', { name: /^apple \d/, pressed: true }).waitFor()
    await page.locator('[role=gridcell][data-index="5"][tabindex="0"]').waitFor()
    await steps.stage('library')
    await page.getByRole('button', { name: /^All photos 50/, pressed: true }).waitFor()
  })

  it('renames a class, merges it into another, and takes both back', async () => {
    const edit = async (what: string) => {
      await page.getByRole('button', { name: /^Change the class: a/ }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name: what }).click()
    }
    await edit('Rename')
    await page.getByLabel('New name of the class: apple').fill('apples')
    await page.keyboard.press('Enter')
    await steps.toast('Class renamed: apple → apples')
    await edit('Merge into another class')
    await page.getByRole('combobox', { name: 'Type a class' }).fill('le')
    await page.keyboard.press('Enter')
    await steps.toast('Class merged: apples → leaf, 17 photos')
    await page.getByRole('button', { name: /^apples/ }).waitFor({ state: 'detached' })
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).first().click()
    await page.getByRole('button', { name: /^apples/ }).waitFor()
    await page.keyboard.press('Control+z')
    await page.getByRole('button', { name: /^apple\b/ }).waitFor()
  })

  it('finds the photos of a folder that was moved, and verifies what it has', async () => {
    renameSync(join(app.home, 'photos'), join(app.home, 'elsewhere'))
    await steps.stage('clean')
    await steps.button('clean.checkAgain').click()
    await page.getByRole('link', { name: /^Missing 50/ }).click()
    await steps.button('moved.find').click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('.entries button').first().click()
    await dialog.getByRole('button', { name: 'elsewhere', exact: true }).click()
    await dialog.locator('strong', { hasText: 'elsewhere' }).waitFor()
    await keep(page, 'moved')
    await steps.button('importing.take').click()
    await steps.toast('50 photos found again. None is missing any more.')
    await page.getByRole('link', { name: /^Missing/ }).waitFor({ state: 'detached' })
    await steps.button('set.open').click()
    await dialog.getByText('Formats: PNG 49').waitFor()
    await keep(page, 'set')
    await page.keyboard.press('Escape')
    await steps.button('settings.title').click()
    await steps.button('verify.open').click()
    await steps.button('verify.start').click()
    await dialog.getByText('Every photo is where it was and unchanged.').waitFor()
    await keep(page, 'verified')
    await dialog.getByRole('button', { name: steps.t('common.close') }).click()
  })

  it('had no error on the way', () => {
    expect(visit.complaints).toEqual([])
  })
})
