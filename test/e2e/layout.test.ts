// Every view and dialog at every size: a small window, common ones, a large one, and one at twice its size (as a zoom of
// 200 % makes it), in English, and the tight ones in Korean too. Pictures of 1180 x 700 are kept under test-output/.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import sharp from 'sharp'
import type { Locale } from '../../src/renderer/i18n/index.ts'
import { noBrowser, pictures } from './app.ts'
import type { Visit } from './app.ts'
import { layoutFaults } from './layout-rules.ts'
import { Steps } from './steps.ts'
import { tellStory } from './story.ts'

const sizes = [
  [900, 640],
  [1180, 700],
  [1280, 800],
  [1920, 1080],
  // 1280 x 800 at 200 %
  [640, 400],
] as const
const tight = sizes.filter(([width]) => width <= 1180)
const kept = { width: 1180, height: 700 }

const views = [
  ['start', '#/start'],
  ['library', '#/library'],
  ['library-one', '#/library?classId=1&sort=name'],
  ['clean', '#/clean'],
  ['clean-copies', '#/clean/near-duplicate'],
  ['clean-broken', '#/clean/truncated'],
  ['train', '#/train'],
  ['run', '#/train/1'],
  ['review', '#/review?list=wrong'],
  ['review-matrix', '#/review?show=matrix'],
  ['review-classes', '#/review?show=classes'],
  ['review-confidence', '#/review?show=calibration'],
  ['review-curve', '#/review?show=curve'],
  ['review-compare', '#/review?show=compare'],
  ['models', '#/models'],
  ['try', '#/models?show=try'],
  ['classify', '#/models?show=folder'],
  ['compare', '#/models?show=compare'],
  ['dataset', '#/models?show=dataset'],
] as const

describe.skipIf(noBrowser)('the layout', () => {
  let visit: Visit
  let page: Page
  let steps: Steps
  const app = tellStory('layout', { photos: 12, added: 'A library with a rather long name' }, opened => {
    ;({ page, steps, visit } = opened)
  })
  const press = (key: string) => steps.button(key).first().click()

  async function go(address: string): Promise<void> {
    await page.evaluate(to => {
      location.hash = to
    }, address)
    const stage = /^#\/(\w+)/.exec(address)![1]!
    await page
      .locator(stage === 'start' ? '.start form' : `.stages a[aria-current="page"][href="#/${stage}"]`)
      .waitFor()
    await page.waitForLoadState('networkidle')
  }

  /** Looks at what is on screen at each size; answers what is wrong with it. */
  async function look(name: string, at: readonly (readonly [number, number])[] = sizes): Promise<string[]> {
    const found: string[] = []
    for (const [width, height] of at) {
      await page.setViewportSize({ width, height })
      await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
      await page.waitForTimeout(60)
      found.push(...(await layoutFaults(page)).map(fault => `${name} at ${width} x ${height}: ${fault}`))
      if (width === kept.width) await page.screenshot({ path: join(pictures, `layout-${name}.png`) })
    }
    await page.setViewportSize(kept)
    return found
  }

  async function lookAtViews(prefix: string, at?: typeof sizes | typeof tight): Promise<string[]> {
    const found: string[] = []
    for (const [name, address] of views) {
      await page.setViewportSize(kept)
      await go(address)
      found.push(...(await look(`${prefix}${name}`, at)))
    }
    return found
  }

  async function lookAtDialogs(prefix: string, at?: typeof sizes | typeof tight): Promise<string[]> {
    const found: string[] = []
    const dialog = async (name: string, open: () => Promise<unknown>, close = () => page.keyboard.press('Escape')) => {
      await page.setViewportSize(kept)
      await open()
      await page.waitForLoadState('networkidle')
      found.push(...(await look(`${prefix}${name}`, at)))
      await close()
    }
    await go('#/library')
    await page.locator('[role=gridcell] img').first().waitFor()
    await page.locator('[role=gridcell]').nth(1).click()
    await dialog('keys', () => page.keyboard.press('Shift+Slash'))
    await dialog('settings', () => press('settings.title'))
    await dialog('device', () => page.locator('.tools .chip').first().click())
    await dialog('jobs', () => page.locator('.tools .chip').last().click())
    await page.locator('[role=gridcell]').nth(1).click()
    await dialog('palette', () => page.keyboard.press('l'))
    await page.locator('[role=gridcell]').nth(1).click()
    await dialog('viewer', () => page.keyboard.press('Space'))
    await dialog('add', async () => {
      await press('library.add')
      const box = page.getByRole('dialog')
      await box.locator('.entries button').first().waitFor()
      await box.getByRole('button', { name: steps.t('importing.take') }).click()
      await box.locator('.names').first().waitFor()
    })
    await dialog('verify', async () => {
      await press('settings.title')
      await press('verify.open')
      await page
        .getByRole('dialog')
        .getByRole('button', { name: steps.t('verify.start'), exact: true })
        .waitFor()
    })
    await go('#/clean')
    await dialog('set', async () => {
      await press('set.open')
      await page.getByRole('dialog').getByRole('table').waitFor()
    })
    await go('#/train')
    await dialog(
      'train-details',
      async () => {
        await press('train.change')
        await press('train.explain')
      },
      async () => press('common.less'),
    )
    await go('#/models')
    await dialog('delete', () => press('models.delete'))
    await go('#/models?show=folder')
    await dialog('pick', () => press('classify.choose'))
    return found
  }

  /** A photo from outside, upright and with where the run looked over it. */
  async function tryUpright(): Promise<void> {
    const file = join(app.home, 'upright.png')
    writeFileSync(
      file,
      await sharp({ create: { width: 400, height: 900, channels: 3, background: '#b03020' } })
        .png()
        .toBuffer(),
    )
    await page.setViewportSize(kept)
    await go('#/models?show=try')
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press('tryIt.choose')])
    await chooser.setFiles(file)
    await page.locator('.photo canvas.heat').waitFor({ timeout: 120_000 })
  }

  it('has a library with a run', async () => {
    mkdirSync(pictures, { recursive: true })
    await steps.setUpTraining({ preset: 'simple-conv', size: 16, epochs: 3, batch: 12 })
    await steps.train()
  })

  it('shows an upright photo whole, with where the run looked over it, at every size', async () => {
    await tryUpright()
    const found: string[] = []
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      await page.waitForTimeout(80)
      found.push(...(await layoutFaults(page)).map(fault => `try at ${width} x ${height}: ${fault}`))
      const { photo, heat, frame } = await page.evaluate(() => {
        const shown = (element: HTMLElement, sides: { width: number; height: number }) => {
          const box = element.getBoundingClientRect()
          const scale = Math.min(box.width / sides.width, box.height / sides.height)
          const [w, h] = [sides.width * scale, sides.height * scale]
          return [box.left + (box.width - w) / 2, box.top + (box.height - h) / 2, w, h].map(Math.round)
        }
        const image = document.querySelector<HTMLImageElement>('.photo img')!
        const map = document.querySelector<HTMLCanvasElement>('.photo canvas')!
        const top = document.querySelector('.table-top')!.getBoundingClientRect()
        return {
          photo: shown(image, { width: image.naturalWidth, height: image.naturalHeight }),
          heat: shown(map, map),
          frame: [top.left, top.top, top.width, top.height].map(Math.round),
        }
      })
      const near = photo.every((value, i) => Math.abs(value - heat[i]!) <= 3)
      if (!near)
        found.push(`try at ${width} x ${height}: the map lies at ${heat.join(' ')}, the photo at ${photo.join(' ')}`)
      const [x, y, w, h] = photo as [number, number, number, number]
      const [left, top, frameWidth, frameHeight] = frame as [number, number, number, number]
      if (x < left || y < top || x + w > left + frameWidth || y + h > top + frameHeight)
        found.push(`try at ${width} x ${height}: the photo at ${photo.join(' ')} leaves its frame ${frame.join(' ')}`)
      if (width === kept.width) await page.screenshot({ path: join(pictures, 'layout-try-upright.png') })
    }
    expect(found).toEqual([])
  })

  it('leads back to the libraries from every stage at every size', async () => {
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      await go('#/library')
      await page.locator('.top-bar a[href="#/start"]').click()
      await page.locator('.start form').waitFor()
    }
  })

  it('says what comes after the last answer of Review, in view at every size and after a return', async () => {
    await page.setViewportSize(kept)
    await go('#/review?list=wrong')
    await page.locator('.strip .thumb, .empty').first().waitFor()
    for (let left = await page.locator('.strip .thumb').count(); left > 0; left--) await page.keyboard.press('k')
    const again = page.getByRole('link', { name: steps.t('review.trainAgain') }).first()
    const found: string[] = []
    for (const returned of [false, true]) {
      if (returned) {
        await page.setViewportSize(kept)
        await go('#/library')
        await steps.stage('review')
      }
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height })
        await again.waitFor()
        const { y, height: tall } = (await again.boundingBox())!
        if (y < 0 || y + tall > height) found.push(`${width} x ${height}${returned ? ' after a return' : ''}: at ${y}`)
      }
    }
    expect(found).toEqual([])
  })

  it('holds in every view', async () => {
    expect(await lookAtViews('')).toEqual([])
  })

  it('holds in every dialog', async () => {
    expect(await lookAtDialogs('')).toEqual([])
  })

  it('holds in Korean, where it is tight', async () => {
    const korean: Locale = 'ko'
    await page.evaluate(locale => localStorage.setItem('winnow.locale', locale), korean)
    await page.reload()
    await page.locator('.stages a').first().waitFor()
    steps = new Steps(page, korean)
    expect([...(await lookAtViews('ko-', tight)), ...(await lookAtDialogs('ko-', tight))]).toEqual([])
  })

  it('had no error on the way', () => {
    expect(visit.complaints).toEqual([])
  })
})
