// `node scripts/pictures.ts` draws the pictures of the README into docs/pictures: the sample set goes the whole way in the
// terminal (winnow demo), then its library is opened in Chromium at 1440 x 900. A few minutes without a GPU. With a folder
// as argument that demo's library is pictured (its Demo.winnow), and nothing is trained.

import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { App, noBrowser, root } from '../test/e2e/app.ts'
import { Steps } from '../test/e2e/steps.ts'
import { chromiumCommand } from './find-chromium.ts'

const folder = join(root, 'docs', 'pictures')
/** What a page of docs may weigh on a slow line. */
const mostBytes = 250_000

if (noBrowser) throw new Error(`The pictures are drawn in Chromium, and none is found. Install one: ${chromiumCommand}`)
const app = new App()
try {
  const library = join(process.argv[2] ?? demo(join(app.home, 'demo')), 'Demo.winnow')
  const { page } = await app.visit(await app.serve({ library }), { dark: false })
  await pictures(page)
} finally {
  await app.close()
}

/** Makes the sample library, with a trained run in it, and answers its folder. */
function demo(where: string): string {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'winnow.ts'), 'demo', where], {
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`winnow demo ended with ${status}; its last lines say why.`)
  return where
}

async function pictures(page: Page): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const steps = new Steps(page, 'en')
  await steps.stage('library')
  // Doubted labels first, so that all classes are in the picture.
  await page.getByRole('main').locator('select').first().selectOption('suspicion')
  await page.locator('[role=gridcell] img').nth(20).waitFor()
  // What this machine lacks is no part of the picture.
  const close = page.locator('.banner').getByRole('button', { name: steps.t('common.close') })
  await close.click({ timeout: 10_000 }).catch(() => console.log('No banner to close.'))
  await page.locator('[role=gridcell]').nth(2).click()
  await picture(page, 'library')
  await steps.stage('review')
  await page.locator('.strip .thumb').first().waitFor()
  await picture(page, 'review')
}

/** Waits until what moves has come to rest, then keeps what is shown as WebP. */
async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(1500)
  const { size } = await sharp(await page.screenshot())
    .webp({ quality: 82, effort: 6 })
    .toFile(join(folder, `${name}.webp`))
  if (size > mostBytes) throw new Error(`docs/pictures/${name}.webp has ${size} bytes; ${mostBytes} are the most.`)
  console.log(`docs/pictures/${name}.webp  ${Math.round(size / 1000)} kB`)
}
