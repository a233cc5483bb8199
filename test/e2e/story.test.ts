// The whole job as a person does it, in a real browser against the real service: add a folder, look at what is broken, train on the software
// GPU, put a wrong label right by a key, undo, and export a model that another engine runs to the same answers.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { App, keep, makePhotos, noBrowser, storySteps } from './app.ts'
import type { Visit } from './app.ts'

describe.skipIf(noBrowser)('from a folder to a model', () => {
  const app = new App()
  let visit: Visit
  let page: Page

  beforeAll(async () => {
    await makePhotos(join(app.home, 'photos'))
    visit = await app.visit(await app.serve(), { gpu: true })
    page = visit.page
  })
  afterAll(() => app.close())
  storySteps('story', () => page)

  const stage = (name: string) => page.getByRole('navigation', { name: 'Stages' }).getByRole('link', { name: new RegExp(`^${name}`) }).click()
  const toast = (text: RegExp) => page.locator('.toast').filter({ hasText: text }).first().waitFor()

  it('exchanges the token and takes it out of the address', async () => {
    await page.getByRole('heading', { name: /From a folder of photos/ }).waitFor()
    expect(page.url()).not.toContain('token')
    await keep(page, 'story-1-start')
  })

  it('makes a library and shows what an import would bring before it writes', async () => {
    await page.getByLabel('Name of the library').fill('Fruit and sky')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'This library has no photos yet' }).waitFor()
    await page.getByRole('main').getByRole('button', { name: 'Add photos' }).last().click()
    await goToFolder(page, 'photos')
    await page.getByRole('button', { name: 'Choose this folder' }).click()
    await page.getByText('3 classes from folder names').waitFor()
    await keep(page, 'story-2-import')
    await page.getByRole('button', { name: /^Add 50 photos/ }).click()
    await page.locator('[role=gridcell] img').first().waitFor()
    await page.getByRole('button', { name: /^All photos 50/ }).waitFor()
    await keep(page, 'story-3-library')
  })

  it('lists broken files with their reasons', async () => {
    await stage('Clean')
    await page.getByRole('link', { name: /^Cut short/ }).click()
    await page.getByText('This file ends too early (cut-short.png)').first().waitFor()
    await keep(page, 'story-4-clean')
  })

  it('trains with one button and shows the curves and what it thinks', async () => {
    await stage('Train')
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByLabel('Network').selectOption('simple-conv')
    for (const [label, value] of [[/^Edge/, '16'], [/^Epochs/, '30'], [/^Photos a step/, '16'], ['Learning rate', '0.003']] as const) {
      await page.getByLabel(label).fill(value)
      await page.getByLabel(label).press('Tab')
    }
    await page.getByRole('button', { name: 'Train', exact: true }).click()
    await page.getByText(/validation photos · \d+ right/).waitFor({ timeout: 240_000 })
    await keep(page, 'story-5-training')
    await page.getByRole('link', { name: 'See what it got wrong' }).waitFor({ timeout: 240_000 })
    await keep(page, 'story-6-trained')
    await page.getByRole('button', { name: 'As a table' }).first().click()
    expect(await page.locator('table tbody tr').count()).toBe(30)
  })

  it('puts a label right by a key and takes it back', async () => {
    await page.getByRole('link', { name: 'See what it got wrong' }).click()
    await page.getByText('Confusion matrix').first().waitFor()
    await stage('Library')
    await page.getByLabel('Search by name or folder').fill('leaf-000')
    await page.getByRole('gridcell', { name: /leaf-000/ }).click()
    await page.keyboard.press('3')
    await toast(/1 photo labelled sky/)
    await page.getByRole('gridcell', { name: /leaf-000.*sky/ }).waitFor()
    await page.keyboard.press('Control+z')
    await toast(/Undone: 1 photo labelled sky/)
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
    await toast(/17 photos excluded/)
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).first().click()
    await toast(/Undone: 17 photos excluded/)
  })

  it('exports a model that answers as the app does', async () => {
    await stage('Models')
    await page.getByRole('button', { name: 'Export ONNX' }).click()
    const link = page.getByRole('link', { name: /^Save/ })
    await link.waitFor({ timeout: 120_000 })
    await page.getByText('It answers as the app does.').waitFor()
    await keep(page, 'story-7-export')
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    expect(readFileSync(await download.path()).includes('apple')).toBe(true)
  })

  it('finds everything again after a reload', async () => {
    await page.reload()
    await page.getByRole('heading', { name: /^Run/ }).waitFor()
    await stage('Library')
    await page.getByRole('button', { name: /^All photos 50/ }).waitFor()
  })

  it('never broke its content policy and had no error', () => {
    expect(visit.complaints).toEqual([])
  })
})

async function goToFolder(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  // The first place is the home folder of this test.
  await dialog.locator('.entries button').first().click()
  await dialog.getByRole('button', { name, exact: true }).click()
  await dialog.locator('strong', { hasText: name }).waitFor()
}
