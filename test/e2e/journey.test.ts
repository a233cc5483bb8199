// The whole job as a person does it, in a real browser against the real service and in both languages: add a folder,
// put its broken files right, train, decide what is suspicious, train again from there, compare, export, and show the
// model a photo. In English on the software GPU with a convolution, in Korean without one.

import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { keep, noBrowser } from './app.ts'
import type { Visit } from './app.ts'
import { quickTraining } from './steps.ts'
import type { Steps } from './steps.ts'
import { tellStory } from './story.ts'

describe.skipIf(noBrowser).each([
  ['en', true],
  ['ko', false],
] as const)('from a folder to a model (%s)', (locale, gpu) => {
  let visit: Visit
  let page: Page
  let steps: Steps
  const app = tellStory(`journey-${locale}`, { gpu, locale, photos: 16 }, opened => {
    ;({ page, steps, visit } = opened)
  })
  const picture = (name: string) => keep(page, `journey-${locale}-${name}`)
  const t = (...asked: Parameters<Steps['t']>) => steps.t(...asked)

  it('exchanges the token and takes it out of the address', async () => {
    await page.getByRole('heading', { name: t('start.title') }).waitFor()
    expect(page.url()).not.toContain('token')
    await picture('1-start')
  })

  it('makes a library and shows what an import would bring before it writes', async () => {
    await steps.create('Fruit and sky')
    await steps.add('photos', 50, async () => {
      await page.getByText(t('importing.classesFound', { count: 3 }, 3)).waitFor()
      await picture('2-import')
    })
    await picture('3-library')
  })

  it('lists broken files with their reasons and reads them again once they are put right', async () => {
    await steps.stage('clean')
    await page.getByRole('link', { name: new RegExp(`^${t('problems.truncated.name')}`) }).click()
    await page.getByRole('row').getByText('cut-short.png').first().waitFor()
    await picture('4-clean')
    copyFileSync(join(app.home, 'photos/apple/apple-003.png'), join(app.home, 'photos/apple/cut-short.png'))
    await steps.button('clean.retryAll').click()
    await page
      .getByRole('link', { name: new RegExp(`^${t('problems.truncated.name')}`) })
      .waitFor({ state: 'detached' })
    await page.getByRole('link', { name: new RegExp(`^${t('problems.exact-duplicate.name')}`) }).click()
    await steps.button('clean.excludeCopies').first().click()
    await steps.toast(t('decisions.exclude', { count: 1 }, 1))
  })

  it('trains with one button and shows the curves and what it thinks', async () => {
    await steps.setUpTraining({ ...quickTraining, preset: gpu ? 'simple-conv' : 'softmax' })
    await picture('5-before')
    await steps.train()
    await picture('6-trained')
  })

  it('shows the wrong label first, with what is known of it, and a key puts it right', async () => {
    await page.getByRole('link', { name: t('train.review') }).click()
    await page.locator('figcaption', { hasText: 'leaf-000' }).waitFor()
    await page.getByText(t('review.nearest', { class: 'sky' })).waitFor()
    await picture('7-suspect')
    await page.keyboard.press('Enter')
    await steps.toast(t('decisions.label', { count: 1, class: 'sky' }, 1))
    await page.locator('figcaption', { hasText: 'leaf-000' }).waitFor({ state: 'detached' })
  })

  it('takes an answer back and shows the photo again', async () => {
    await page.keyboard.press('k')
    await page.keyboard.press('Control+z')
    await steps.toast(t('review.takenBack', { name: '' }).trim())
    await page.keyboard.press('Control+z')
    await page.locator('figcaption', { hasText: 'leaf-000' }).waitFor()
    await page.getByText(t('review.change', { class: 'sky' })).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('figcaption', { hasText: 'leaf-000' }).waitFor({ state: 'detached' })
  })

  it('does not ask again what was decided, also after a reload', async () => {
    await page.reload()
    await page.locator('.strip .thumb').first().waitFor()
    expect(await page.locator('figcaption').textContent()).not.toContain('leaf-000')
    await steps.button('review.lists.decided').click()
    await page.locator('figcaption', { hasText: 'leaf-000' }).waitFor()
  })

  it('opens the photos of a cell of the confusion matrix', async () => {
    await page.locator('.matrix button:enabled').first().click()
    await page.waitForURL(/predictedClassId=/)
    await page.locator('.strip .thumb').first().waitFor()
    for (const panel of ['matrix', 'classes', 'calibration'] as const) {
      await page
        .locator('.side.left')
        .getByRole('button', { name: t(`review.panels.${panel}`), exact: true })
        .click()
      await page.locator('.middle table').first().waitFor()
      await picture(`8-${panel}`)
    }
  })

  it('trains again from these weights and compares', async () => {
    await page
      .getByRole('link', { name: t('review.trainAgain') })
      .first()
      .click()
    await steps.train()
    await page.getByRole('link', { name: t('train.review') }).click()
    await page
      .locator('.side.left')
      .getByRole('button', { name: t('review.panels.compare'), exact: true })
      .click()
    await page.getByText(t('review.rightBefore')).waitFor()
    await picture('9-compare')
  })

  it('exports a model that answers as the app does', async () => {
    await steps.stage('models')
    await steps.button('models.export').click()
    const link = page.getByRole('link', { name: new RegExp(t('models.download', { file: '' }).trim()) }).first()
    await link.waitFor({ timeout: 120_000 })
    await page.getByText(t('models.parityGood')).waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    expect(readFileSync(await download.path()).includes('apple')).toBe(true)
  })

  it('tries the model on a photo from outside', async () => {
    await page
      .getByRole('link', { name: t('models.modes.try'), exact: true })
      .first()
      .click()
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), steps.button('tryIt.choose').click()])
    await chooser.setFiles(join(app.home, 'photos/apple/apple-001.png'))
    await page.locator('.answer .number', { hasText: 'apple' }).waitFor({ timeout: 120_000 })
    await picture('10-try')
  })

  it('never broke its content policy and had no error', () => {
    expect(visit.complaints).toEqual([])
  })
})
