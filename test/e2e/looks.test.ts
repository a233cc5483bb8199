// How every view looks: pictures in both themes and both languages kept under test-output/, and axe over each (WCAG 2.2
// A and AA). The photos are the sample's and the run is trained by the page on the CPU device, so this also tells the
// story of a machine without a GPU.

import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { App, keep, noBrowser } from './app.ts'
import type { Visit } from './app.ts'

interface AxeFinding {
  readonly id: string
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const views = [
  ['start', '#/start'],
  ['library', '#/library'],
  ['library-one-class', '#/library?classId=1&sort=name'],
  ['clean', '#/clean/dark'],
  ['clean-copies', '#/clean/near-duplicate'],
  ['clean-broken', '#/clean/empty'],
  ['train', '#/train'],
  ['run', '#/train/1'],
  ['review', '#/review'],
  ['review-matrix', '#/review?show=matrix'],
  ['review-classes', '#/review?show=classes&without=1'],
  ['review-confidence', '#/review?show=calibration'],
  ['review-compare', '#/review?show=compare'],
  ['models', '#/models'],
  ['train-on', '#/train?from=1'],
  ['try', '#/models?show=try'],
  ['classify', '#/models?show=folder'],
  ['compare', '#/models?show=compare'],
  ['dataset', '#/models?show=dataset'],
] as const

describe.skipIf(noBrowser)('the page', () => {
  const app = new App()
  let visit: Visit
  let page: Page
  let ready = false

  beforeAll(async () => {
    visit = await app.visit(await app.serve())
    page = visit.page
  })
  afterAll(() => app.close())

  it('says calmly that there is no GPU and what to do', async () => {
    await page.getByText('No GPU was found, so training runs on the processor.').waitFor()
    expect((await page.locator('.banner').boundingBox())!.height, 'one line').toBeLessThan(50)
    await page.getByRole('button', { name: 'How to get a GPU working' }).click()
    await page.getByText('Update the graphics driver.').waitFor()
    await keep(page, 'look-no-gpu')
    expect(await violations(page)).toEqual([])
    await page.locator('.banner').getByRole('button', { name: 'Close' }).click()
  })

  it('opens the sample with one click and trains without a GPU', { timeout: 600_000 }, async () => {
    await page.getByRole('button', { name: 'Open the sample library' }).click()
    await page.locator('[role=gridcell] img').first().waitFor({ timeout: 200_000 })
    await page.getByRole('navigation', { name: 'Stages' }).getByRole('link', { name: 'Train' }).click()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByLabel('Network').selectOption('softmax')
    for (const [label, value] of [
      [/^Edge/, '16'],
      ['Epochs', '4'],
    ] as const) {
      await page.getByLabel(label).fill(value)
      await page.getByLabel(label).press('Tab')
    }
    await page.getByRole('button', { name: 'Train', exact: true }).click()
    await page.getByRole('link', { name: 'See what it got wrong' }).waitFor({ timeout: 200_000 })
    ready = true
  })

  for (const locale of ['en', 'ko'] as const) {
    for (const theme of ['dark', 'light'] as const) {
      it(`looks right in ${locale}, ${theme}, and axe finds nothing`, { timeout: 600_000 }, async () => {
        expect(ready, 'the sample library and its run are there').toBe(true)
        await page.evaluate(
          ([key, shade]) => {
            localStorage.setItem('winnow.locale', key!)
            localStorage.setItem('winnow.theme', shade!)
          },
          [locale, theme] as const,
        )
        await page.reload()
        await page.locator('.stages a[aria-current="page"], .start form').first().waitFor()
        const found: string[] = []
        for (const [name, address] of views) {
          await go(page, address)
          await keep(page, `look-${name}-${locale}-${theme}`)
          found.push(...(await violations(page)).map(text => `${name}: ${text}`))
        }
        expect(found).toEqual([])
      })
    }
  }

  it('keeps its dialogs and menus in order too', async () => {
    expect(ready, 'the sample library and its run are there').toBe(true)
    const found: string[] = []
    const look = async (name: string) => {
      await keep(page, `look-${name}`)
      found.push(...(await violations(page)).map(text => `${name}: ${text}`))
      await page.keyboard.press('Escape')
    }
    await go(page, '#/library')
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('Shift+Slash')
    await look('keys')
    await page.getByRole('button', { name: '설정' }).click()
    await look('settings')
    await page.getByRole('button', { name: /^작업/ }).click()
    await look('jobs')
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('l')
    await look('palette')
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('Space')
    await look('viewer')
    await page.getByRole('button', { name: '사진 추가' }).first().click()
    await look('import')
    await page.getByRole('button', { name: '설정' }).click()
    await page.getByRole('button', { name: '라이브러리 확인' }).click()
    await page.getByRole('button', { name: '확인하기', exact: true }).click()
    await page.getByText('캐시가 온전합니다.').waitFor()
    await look('verify')
    await go(page, '#/clean')
    await page.getByRole('button', { name: '사진 전체 요약' }).click()
    await page.getByRole('dialog').getByRole('table').waitFor()
    await look('set')
    await go(page, '#/review')
    await page.getByRole('button', { name: '사진이 더 필요합니까?' }).click()
    await page.getByText('아직 알 수 없습니다').waitFor()
    await look('curve')
    await go(page, '#/train')
    await page.getByRole('navigation', { name: '단계' }).getByRole('link', { name: /^학습/ }).click()
    await page.getByRole('button', { name: '바꾸기', exact: true }).click()
    await page.getByLabel(/^시작 가중치/).selectOption({ index: 1 })
    await page.getByText(/텐서 \d+개 중 \d+개가 이 가중치로 시작합니다/).waitFor()
    await look('begin')
    expect(found).toEqual([])
  })

  it('folds its sides on a narrow window', async () => {
    expect(ready, 'the sample library and its run are there').toBe(true)
    await go(page, '#/library')
    await page.setViewportSize({ width: 900, height: 700 })
    await keep(page, 'look-narrow')
    expect(await page.locator('.side.left').isVisible()).toBe(false)
    await page.getByRole('button', { name: '목록 보기' }).click()
    expect(await page.locator('.side.left').isVisible()).toBe(true)
    await keep(page, 'look-narrow-list')
    expect(await violations(page)).toEqual([])
    await page.locator('.side.left').getByRole('button', { name: '닫기' }).click()
    expect(await page.locator('.side.left').isVisible()).toBe(false)
  })

  it('has no words over each other and nothing beside the window at 320 pixels', async () => {
    expect(ready, 'the sample library and its run are there').toBe(true)
    await page.setViewportSize({ width: 320, height: 640 })
    for (const stage of ['library', 'clean', 'train', 'review', 'models']) {
      await go(page, `#/${stage}`)
      await keep(page, `look-small-${stage}`)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), stage).toBeLessThanOrEqual(320)
    }
    const boxes = await Promise.all(
      (await page.locator('.top-bar strong, .top-bar .tools > *, .top-bar .stages a').all()).map(part =>
        part.boundingBox(),
      ),
    )
    const parts = boxes.filter(box => box !== null)
    expect(parts.length).toBeGreaterThanOrEqual(8)
    for (const [at, a] of parts.entries()) {
      expect([a.x >= 0, a.x + a.width <= 320]).toEqual([true, true])
      for (const b of parts.slice(at + 1))
        expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(
          true,
        )
    }
  })

  it('had no error on the way', () => {
    expect(visit.complaints).toEqual([])
  })
})

/** Opens an address of the page and waits until its stage is there and nothing more is being fetched. */
async function go(page: Page, address: string): Promise<void> {
  await page.evaluate(to => {
    location.hash = to
  }, address)
  const stage = /^#\/(\w+)/.exec(address)![1]!
  await page.locator(stage === 'start' ? '.start form' : `.stages a[aria-current="page"][href="#/${stage}"]`).waitFor()
  await page.waitForLoadState('networkidle')
}

/** What axe finds, one line a finding. It is run by the debugger, which the page's content policy does not bind. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const tool = (
      globalThis as unknown as { axe: { run(where: Document, options: object): Promise<{ violations: AxeFinding[] }> } }
    ).axe
    return (
      await tool.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    ).violations
  })
  return found.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(
        node => `${id} at ${node.target.join(' ')}: ${node.failureSummary.split('\n').slice(1, 3).join(' ').trim()}`,
      ),
  )
}
