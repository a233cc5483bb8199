// What must survive: a second tab that sees what the first decides, the service killed and started again under an open
// page, a reload in the middle of a training, a hidden window, and a GPU that is lost in the middle of a training.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { writeOpeningPage } from '../../src/main/hosts/loopback/opening-page.ts'
import { freePort, noBrowser } from './app.ts'
import type { Visit } from './app.ts'
import { quickTraining } from './steps.ts'
import type { Steps } from './steps.ts'
import { tellStory } from './story.ts'

describe.skipIf(noBrowser)('a page whose service dies', () => {
  let first: Visit
  let page: Page
  let port = 0
  const app = tellStory('restart', { photos: 6, added: 'Short', port: freePort }, opened => {
    ;({ page, port, visit: first } = opened)
  })

  it('shows in a second tab what the first decides', async () => {
    const second = await first.context.newPage()
    await second.goto(new URL('/', page.url()).href)
    await second.getByRole('button', { name: /^Excluded 0/ }).waitFor()
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('x')
    await second.getByRole('button', { name: /^Excluded 1/ }).waitFor()
    await second.close()
  })

  it('opens in another browser by a file that only this account can read', async () => {
    const opening = writeOpeningPage(app.address)
    const other = await first.context.browser()!.newContext()
    const opened = await other.newPage()
    await opened.goto(pathToFileURL(opening.file).href)
    await opened.getByRole('button', { name: /^Excluded 1/ }).waitFor()
    expect(opened.url()).not.toContain('token')
    opening.remove()
    await other.close()
  })

  it('says calmly that the service is gone', async () => {
    await app.kill()
    await page.getByText('The service is not answering.').waitFor()
    expect(await page.getByRole('gridcell').count()).toBeGreaterThan(0)
  })

  it('finds its library again with all that was decided, once the service is back', async () => {
    const address = await app.serve({ port })
    // Another start has another token: the page says so, and the new address leads back to the same library.
    await page.getByText('This page may not speak to the service').waitFor()
    await page.goto(address)
    await page.getByRole('button', { name: /^Excluded 1/ }).waitFor()
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('Control+z')
    await page.getByRole('button', { name: /^Excluded 0/ }).waitFor()
  })
})

/** Puts the window away as far as its page can tell: it is hidden, and no frame is drawn. Playwright keeps pages
 *  visible, so this is acted out. */
async function hide(page: Page): Promise<void> {
  await page.evaluate(() => {
    const draw = requestAnimationFrame
    const held: FrameRequestCallback[] = []
    let state = 'hidden'
    const change = (to: string) => {
      state = to
      document.dispatchEvent(new Event('visibilitychange'))
    }
    Object.defineProperties(document, {
      visibilityState: { get: () => state, configurable: true },
      hidden: { get: () => state === 'hidden', configurable: true },
    })
    window.requestAnimationFrame = callback => (state === 'hidden' ? held.push(callback) : draw(callback))
    window.addEventListener(
      'shown-again',
      () => {
        change('visible')
        held.splice(0).forEach(callback => draw(callback))
      },
      { once: true },
    )
    change('hidden')
  })
}

describe.skipIf(noBrowser)('a training in the page', () => {
  let page: Page
  let steps: Steps
  const app = tellStory('training', { gpu: true, photos: 16, added: 'Fruit and sky' }, opened => {
    ;({ page, steps } = opened)
  })

  /** Of the newest step that the service has written down. */
  function newest(field: 'step' | 'epoch'): number {
    const db = new Database(join(app.home, 'winnow/libraries/Fruit and sky.winnow/library.db'), { readonly: true })
    try {
      return Number(
        db
          .prepare(
            `SELECT json ->> '${field}' FROM run_event WHERE json ->> 'type' = 'step' ORDER BY run_id DESC, seq DESC LIMIT 1`,
          )
          .pluck()
          .get(),
      )
    } finally {
      db.close()
    }
  }
  const stepsPast = async (step: number) => {
    await expect.poll(() => newest('step'), { timeout: 120_000 }).toBeGreaterThan(step)
  }

  async function begin(epochs: number): Promise<void> {
    await steps.setUpTraining({ ...quickTraining, epochs })
    await steps.button('train.start').click()
    await page.getByText(/validation photos · \d+ right/).waitFor({ timeout: 240_000 })
  }

  it('has its run in the address when one leaves it and comes back', async () => {
    await begin(4000)
    await steps.stage('library')
    await steps.stage('train')
    await page.waitForURL(/train\/\d+$/)
  })

  it('asks before it is closed, and goes on where one stays', async () => {
    const asked = page.waitForEvent('dialog')
    await page.close({ runBeforeUnload: true })
    const dialog = await asked
    expect(dialog.type()).toBe('beforeunload')
    await dialog.dismiss()
    await stepsPast(newest('step'))
  })

  it('goes on while its window is hidden, and its charts have caught up once it is shown', async () => {
    await page.evaluate(() => {
      const clear = CanvasRenderingContext2D.prototype.clearRect
      CanvasRenderingContext2D.prototype.clearRect = function (...where) {
        document.documentElement.dataset.drawn = document.visibilityState
        clear.apply(this, where)
      }
    })
    await hide(page)
    await stepsPast(newest('step') + 50)
    await page.evaluate(() => {
      delete document.documentElement.dataset.drawn
    })
    const epoch = newest('epoch')
    await page.evaluate(() => window.dispatchEvent(new Event('shown-again')))
    await page.locator('html[data-drawn="visible"]').waitFor()
    await page.waitForFunction(
      least =>
        Number(/^[\d,]+/.exec(document.querySelector('.tiles .number')!.textContent!)![0].replace(',', '')) >= least,
      epoch,
    )
  })

  it('is interrupted within seconds when its page is reloaded in the middle of it', async () => {
    page.once('dialog', dialog => void dialog.accept())
    await page.reload()
    await page.getByText('This run was interrupted').waitFor({ timeout: 20_000 })
    expect(await page.getByText('What it thinks now').count()).toBeGreaterThan(0)
    await steps.stage('library')
    await page.getByRole('button', { name: /^All photos 50/ }).waitFor()
  })

  it('leads back to the set-up when it is cancelled, and leaves no run behind', async () => {
    await begin(4000)
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the run' }).click()
    await page.getByRole('button', { name: 'Train', exact: true }).waitFor()
    await steps.stage('models')
    await expect.poll(() => page.getByRole('row').count()).toBe(2)
  })

  it('goes on to its end when the GPU is lost in the middle of it', async () => {
    await begin(150)
    const browser = await page.context().browser()!.newBrowserCDPSession()
    await browser.send('Browser.crashGpuProcess').catch(() => {})
    await page.getByRole('link', { name: 'See what it got wrong' }).waitFor({ timeout: 280_000 })
    await page.getByText(/GPU stopped answering.*Training goes on from epoch/).waitFor()
  })
})
