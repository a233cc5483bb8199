// What must survive: the service killed and started again under an open page, and a second tab that sees what the first decides.

import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { App, makePhotos, noBrowser, storySteps } from './app.ts'
import type { Visit } from './app.ts'

describe.skipIf(noBrowser)('a page whose service dies', () => {
  const app = new App()
  let first: Visit
  let page: Page

  beforeAll(async () => {
    await makePhotos(join(app.home, 'photos'), 6)
    first = await app.visit(await app.serve())
    page = first.page
    await page.getByLabel('Name of the library').fill('Short')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('main').getByRole('button', { name: 'Add photos' }).last().click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('.entries button').first().click()
    await dialog.getByRole('button', { name: 'photos', exact: true }).click()
    await dialog.locator('strong', { hasText: 'photos' }).waitFor()
    await dialog.getByRole('button', { name: 'Choose this folder' }).click()
    await dialog.getByRole('button', { name: /^Add 20 photos/ }).click()
    await page.getByRole('button', { name: /^All photos 20/ }).waitFor()
  })
  afterAll(() => app.close())
  storySteps('restart', () => page)

  it('shows in a second tab what the first decides', async () => {
    const second = await first.context.newPage()
    await second.goto(new URL('/', page.url()).href)
    await second.getByRole('button', { name: /^Excluded 0/ }).waitFor()
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('x')
    await second.getByRole('button', { name: /^Excluded 1/ }).waitFor()
    await second.close()
  })

  it('says calmly that the service is gone', async () => {
    await app.kill()
    await page.getByText('The service is not answering.').waitFor()
    expect(await page.getByRole('gridcell').count()).toBeGreaterThan(0)
  })
})
