// What stories do again and again, in the language of the page: its own translations name the buttons, so one story is
// told in both.

import type { Page } from 'playwright-core'
import { createTranslations } from '../../src/renderer/i18n/index.ts'
import type { Locale } from '../../src/renderer/i18n/index.ts'

export interface TrainChoice {
  readonly preset: string
  readonly size: number
  readonly epochs: number
  readonly batch?: number
  readonly rate?: number
}

/** A dense net on small photos: seconds on any device, also where other tests share the two cores. */
export const quickTraining: TrainChoice = { preset: 'softmax', size: 16, epochs: 30, batch: 16, rate: 0.003 }

export class Steps {
  readonly page: Page
  readonly t: (key: string, values?: Record<string, unknown>, count?: number) => string

  constructor(page: Page, locale: Locale) {
    this.page = page
    const { t } = createTranslations(locale).global
    this.t = (key, values = {}, count) => (count === undefined ? t(key, values) : t(key, values, count))
  }

  button(key: string, values?: Record<string, unknown>, count?: number) {
    return this.page.getByRole('button', { name: this.t(key, values, count), exact: true })
  }

  async stage(name: string): Promise<void> {
    await this.page
      .getByRole('navigation', { name: this.t('stages.label') })
      .getByRole('link', { name: new RegExp(`^${this.t(`stages.${name}`)}`) })
      .click()
  }

  /** Waits for a sentence that begins so. */
  async toast(text: string): Promise<void> {
    await this.page.locator('.toast').filter({ hasText: text }).first().waitFor()
  }

  async create(name: string): Promise<void> {
    await this.page.getByLabel(this.t('start.name')).fill(name)
    await this.button('start.make').click()
    await this.page.getByRole('heading', { name: this.t('library.emptyTitle') }).waitFor()
  }

  /** Adds a folder of the home folder; `preview` is looked at before anything is written. */
  async add(folder: string, photos: number, preview: () => Promise<void> = async () => {}): Promise<void> {
    const dialog = this.page.getByRole('dialog')
    await this.page
      .getByRole('main')
      .getByRole('button', { name: this.t('library.add') })
      .last()
      .click()
    await dialog.locator('.entries button').first().click()
    await dialog.getByRole('button', { name: folder, exact: true }).click()
    await dialog.locator('strong', { hasText: folder }).waitFor()
    await dialog.getByRole('button', { name: this.t('importing.take') }).click()
    await preview()
    await dialog.getByRole('button', { name: this.t('importing.start', { count: photos }, photos) }).click()
    await this.page.locator('[role=gridcell] img').first().waitFor()
    await this.page.getByRole('button', { name: new RegExp(`^${this.t('library.all')} ${photos}`) }).waitFor()
  }

  async setUpTraining({ preset, size, epochs, batch, rate }: TrainChoice): Promise<void> {
    await this.stage('train')
    await this.button('train.change').click()
    // What is usual stands in a label behind its name.
    const field = (key: string) => this.page.getByLabel(new RegExp(`^\\s*${this.t(`train.${key}`)}`)).first()
    await field('preset').selectOption(preset)
    const fields = [
      ['size', size],
      ['epochs', epochs],
      ['batch', batch],
      ['rate', rate],
    ] as const
    for (const [key, value] of fields) {
      if (value === undefined) continue
      await field(key).fill(String(value))
      await field(key).press('Tab')
    }
  }

  async train(): Promise<void> {
    await this.button('train.start').click()
    await this.page.getByRole('link', { name: this.t('train.review') }).waitFor({ timeout: 280_000 })
  }
}
