// What a person does with models, in a real browser on a machine without a GPU: settings and augmentation looked at,
// two runs trained on the processor, a photo and the camera shown to one, a folder classified, the runs compared, the
// data set taken out; and what the page remembers when it comes back on another port.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { keep, noBrowser } from './app.ts'
import type { Visit } from './app.ts'
import { tellStory } from './story.ts'

describe.skipIf(noBrowser)('models', () => {
  let visit: Visit
  let page: Page
  const app = tellStory('models', { photos: 12, added: 'Fruit' }, opened => {
    ;({ page, visit } = opened)
    mkdirSync(join(app.home, 'new ones'))
    for (const name of ['apple/apple-003.png', 'sky/sky-004.png'])
      writeFileSync(join(app.home, 'new ones', name.split('/')[1]!), readFileSync(join(app.home, 'photos', name)))
  })

  const stage = (name: string) =>
    page
      .getByRole('navigation', { name: 'Stages' })
      .getByRole('link', { name: new RegExp(`^${name}`) })
      .click()
  const mode = (name: string) =>
    page.getByRole('navigation', { name: 'What to do with models' }).getByRole('link', { name, exact: true }).click()

  async function takeFolder(name: string): Promise<void> {
    const dialog = page.getByRole('dialog')
    // The list begins in the folder listed last.
    await dialog.locator('.entries button').first().waitFor()
    await dialog.getByRole('button', { name: 'Up', exact: true }).click()
    await dialog.getByRole('button', { name, exact: true }).click()
    await dialog.locator('strong', { hasText: name }).waitFor()
    await dialog.getByRole('button', { name: 'Choose this folder' }).click()
  }

  async function train(epochs: string): Promise<void> {
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByLabel('Network').selectOption('simple-conv')
    for (const [label, value] of [
      [/^Edge/, '16'],
      ['Epochs', epochs],
      [/^Photos a step/, '12'],
    ] as const) {
      await page.getByLabel(label).fill(value)
      await page.getByLabel(label).press('Tab')
    }
    await page.getByRole('button', { name: 'Train', exact: true }).click()
    await page.getByRole('link', { name: 'See what it got wrong' }).waitFor({ timeout: 240_000 })
  }

  it('says how long a run may take, and shows what augmentation does to a photo', async () => {
    await stage('Train')
    await page.getByText(/^Roughly .* on the processor/).waitFor()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByLabel(/^Augmentation/).selectOption('strong')
    await page.getByText(/with strong changes of place, colour and light/).waitFor()
    await page.reload()
    await page.getByText(/with strong changes of place, colour and light/).waitFor()
    await page.getByRole('button', { name: 'Show what augmentation does' }).click()
    const sheet = page.getByRole('img', { name: /^Twenty-four ways of/ })
    await expect.poll(() => sheet.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBe(576)
    await keep(page, 'models-1-augmentation')
    await page.getByRole('button', { name: 'As suggested' }).click()
    await page.getByRole('button', { name: 'Fewer details' }).click()
  })

  it('trains, and trains on from a run with its weights and settings', { timeout: 600_000 }, async () => {
    await train('6')
    await page.getByRole('button', { name: 'Learning rate and speed' }).click()
    await page.getByRole('heading', { name: 'Steps a second' }).waitFor()
    await page.getByRole('button', { name: 'Zoom in: Accuracy' }).click()
    await page.getByRole('button', { name: 'Whole run' }).click()
    await stage('Models')
    await page.getByRole('link', { name: 'Train on from it' }).click()
    await page.getByText('Begins with the weights of Run 1.').waitFor()
    await train('2')
  })

  it('shows in Review where it saw the proposed class, and counts there what waits', async () => {
    await stage('Review')
    await page.locator('.review-stage .picture img').first().waitFor()
    const waiting = await page
      .getByRole('button', { name: /^To decide/ })
      .locator('.count')
      .textContent()
    expect(
      await page
        .getByRole('navigation', { name: 'Stages' })
        .getByRole('link', { name: /^Review/ })
        .locator('.count')
        .textContent({ timeout: 5_000 })
        .catch(() => '0'),
    ).toBe(waiting)
    await page.keyboard.press('h')
    await page.getByRole('img', { name: /^Warm places speak for/ }).waitFor({ timeout: 120_000 })
    await keep(page, 'models-2-review-heat')
    await page.keyboard.press('h')
    await page.keyboard.press('h')
    await page.getByRole('img', { name: /^Warm places speak for/ }).waitFor({ state: 'detached' })
  })

  it('answers a photo that is in no library, and shows where it looked', async () => {
    await stage('Models')
    await mode('Try it')
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose a photo' }).click(),
    ])
    await chooser.setFiles(join(app.home, 'new ones', 'sky-004.png'))
    await page
      .getByRole('list', { name: 'Classes by confidence' })
      .getByRole('button')
      .first()
      .waitFor({ timeout: 120_000 })
    expect(await page.getByRole('list', { name: 'Classes by confidence' }).getByRole('listitem').count()).toBe(3)
    await page.getByRole('img', { name: /^Warm places speak for/ }).waitFor()
    await page.getByRole('button', { name: /^leaf/ }).click()
    await page.getByRole('img', { name: 'Warm places speak for: leaf' }).waitFor()
    await keep(page, 'models-2-try')
  })

  it('says what is wrong with a file that is no photo', async () => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose a photo' }).click(),
    ])
    await chooser.setFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
    await page.getByText('This file is not an image, whatever its name says (notes.png).').waitFor()
    visit.complaints.splice(0)
  })

  it('takes a photo that is dropped anywhere', async () => {
    await stage('Library')
    const bytes = readFileSync(join(app.home, 'new ones', 'apple-003.png')).toString('base64')
    const data = await page.evaluateHandle(base64 => {
      const transfer = new DataTransfer()
      transfer.items.add(
        new File([Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))], 'apple.png', { type: 'image/png' }),
      )
      return transfer
    }, bytes)
    await page.dispatchEvent('body', 'drop', { dataTransfer: data })
    await page.getByRole('img', { name: 'apple.png' }).waitFor()
    await page.getByRole('list', { name: 'Classes by confidence' }).waitFor({ timeout: 120_000 })
  })

  it('compares two runs: settings, curves, what became right and wrong', async () => {
    await mode('Compare')
    await page.getByRole('row', { name: /^Epochs 6 2/ }).waitFor()
    await page.getByText(/photos that both have/).waitFor()
    await page.getByRole('heading', { name: 'Accuracy, validation' }).waitFor()
    await keep(page, 'models-3-compare')
    await page.getByRole('button', { name: 'Swap' }).click()
    await page.getByRole('row', { name: /^Epochs 2 6/ }).waitFor()
  })

  it(
    'says what more photos would bring, once it has trained with fewer, and saves a report',
    { timeout: 600_000 },
    async () => {
      await stage('Review')
      await page.locator('.pick select').selectOption({ label: 'Run 1' })
      await page.getByRole('button', { name: 'How many more photos?' }).click()
      await page.getByRole('button', { name: 'Train with a quarter and a half' }).click()
      await page
        .getByRole('row', { name: /^\d+ .* %/ })
        .nth(2)
        .waitFor({ timeout: 240_000 })
      await page.getByText(/^With \d+ photos to learn from/).waitFor()
      await keep(page, 'models-3-curve')
      await page.getByRole('button', { name: 'Per class' }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Report' }).click(),
      ])
      expect(readFileSync(await download.path(), 'utf8')).toMatch(/<!doctype html>[\s\S]*Confusion matrix/i)
      await keep(page, 'models-3-classes')
    },
  )

  it(
    'begins with the weights of a file, keeps its first stage, and says what fitted',
    { timeout: 600_000 },
    async () => {
      const weights = await readdir(join(app.home), { recursive: true }).then(files =>
        files.find(file => /runs.1.best\.safetensors$/.test(file))!,
      )
      await stage('Train')
      await page
        .getByRole('navigation', { name: 'Stages' })
        .getByRole('link', { name: /^Train/ })
        .click()
      await page.getByRole('button', { name: 'Change', exact: true }).click()
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByLabel(/^Begin with/).selectOption('file'),
      ])
      await chooser.setFiles(join(app.home, weights))
      await page.getByText('Begins with the weights of best.safetensors.').waitFor()
      await page.getByText(/^8 of 8 tensors begin with these weights/).waitFor()
      await page.getByLabel(/^What stays as it is/).selectOption({ label: 'the first 1, to conv1' })
      await page.getByLabel(/^Rate of all but the head/).fill('0.1')
      await keep(page, 'models-3-begin')
      await page.getByLabel('Epochs').fill('1')
      await page.getByLabel('Epochs').press('Tab')
      await page.getByRole('button', { name: 'Train', exact: true }).click()
      await page.getByRole('link', { name: 'See what it got wrong' }).waitFor({ timeout: 240_000 })
      await page.getByText('These stages stay as they begin, their batch norms in evaluation mode: conv1.').waitFor()
    },
  )

  it('classifies a folder into a table that can be saved', async () => {
    await stage('Models')
    await mode('Classify a folder')
    await page.getByRole('button', { name: 'Choose a folder' }).click()
    await takeFolder('new ones')
    await page.getByRole('button', { name: 'Classify', exact: true }).click()
    await page.getByText('2 photos answered, 0 unknown, 0 not readable.').waitFor({ timeout: 120_000 })
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save the answers (CSV)' }).click(),
    ])
    expect(
      readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\r\n'),
    ).toHaveLength(3)
    await keep(page, 'models-4-folder')
  })

  it('gives the cleaned data set away', async () => {
    await mode('Data set')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save the list' }).click(),
    ])
    expect(
      readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\r\n'),
    ).toHaveLength(37)
    await page.getByLabel('Changed copies of each training photo').fill('2')
    await page.getByLabel('How they are changed').selectOption('strong')
    await page.getByRole('button', { name: 'Show what augmentation does' }).click()
    await expect
      .poll(() =>
        page
          .getByRole('img', { name: /^Twenty-four ways of/ })
          .evaluate(image => (image as HTMLImageElement).naturalWidth),
      )
      .toBe(576)
    await page.getByRole('button', { name: 'Where to' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('.places strong').waitFor()
    if (await dialog.getByRole('button', { name: 'Up', exact: true }).isEnabled())
      await dialog.getByRole('button', { name: 'Up', exact: true }).click()
    await dialog.getByRole('button', { name: 'Choose this folder' }).click()
    await page.getByRole('button', { name: 'Copy into folders' }).click()
    await page.getByText(/^60 changed copies made\. 36 photos copied/).waitFor({ timeout: 120_000 })
    await keep(page, 'models-5-dataset')
  })

  it('renames a run, and deletes another once that is confirmed', async () => {
    await mode('Runs')
    await page.getByRole('row', { name: /Run 1/ }).getByRole('button').first().click()
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByLabel('Name of the run').fill('The first one')
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: /The first one/ }).waitFor()
    await page.getByRole('row', { name: /Run 2/ }).getByRole('button').first().click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the run' }).click()
    await page.getByRole('row', { name: /Run 2/ }).waitFor({ state: 'detached' })
  })

  it('remembers theme, language and stage on another port', async () => {
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('radio', { name: 'Light' }).check()
    await page.getByLabel('한국어').check()
    await page.waitForTimeout(1_500)
    await app.kill()
    const again = await app.visit(await app.serve())
    await again.page.locator('html[data-theme=light][lang=ko]').waitFor()
    await again.context.close()
  })

  it('never broke its content policy and had no error', () => {
    expect(visit.complaints.filter(text => !/ERR_CONNECTION|WebSocket/.test(text))).toEqual([])
  })
})
