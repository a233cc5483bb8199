// How a story begins and ends: a service in a home of its own, a page on it in the language of the story, and, where
// wished, a library with small made photos in three classes. A step that fails ends the story and keeps a picture of
// the page.

import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Locale } from '../../src/renderer/i18n/index.ts'
import { App, keep, makePhotos } from './app.ts'
import type { Visit } from './app.ts'
import { Steps } from './steps.ts'

export interface StoryOptions {
  readonly gpu?: boolean
  readonly locale?: Locale
  /** So many photos of each class lie in the home folder under `photos`. */
  readonly photos?: number
  /** The name of a library that they are added to before the story begins. */
  readonly added?: string
  readonly port?: () => Promise<number>
  /** Makes the library that is open at the start. */
  readonly library?: (home: string) => Promise<string>
}

export interface Opened {
  readonly page: Page
  readonly steps: Steps
  readonly visit: Visit
  readonly port: number
}

/** Opens before the first step, hands over what was opened, and closes everything after the last. */
export function tellStory(name: string, options: StoryOptions, begin: (opened: Opened) => void | Promise<void>): App {
  const app = new App()
  let opened: Opened | null = null
  beforeAll(async () => {
    opened = await open(app, options)
    await begin(opened)
  })
  afterAll(() => app.close())
  endAtFailure(name, () => opened!.page)
  return app
}

async function open(
  app: App,
  { gpu = false, locale = 'en', photos, added, port: choosePort, library: makeLibrary }: StoryOptions,
): Promise<Opened> {
  const made = photos === undefined ? null : await makePhotos(join(app.home, 'photos'), photos)
  const [port, library] = [(await choosePort?.()) ?? 0, await makeLibrary?.(app.home)]
  const visit = await app.visit(await app.serve({ port, ...(library !== undefined && { library }) }), {
    gpu,
    locale: locale === 'ko' ? 'ko-KR' : 'en-US',
  })
  const steps = new Steps(visit.page, locale)
  if (made && added !== undefined) {
    await steps.create(added)
    await steps.add('photos', made.photos)
  }
  return { page: visit.page, steps, visit, port }
}

/** Steps of a story stand on each other: after one has failed the rest end at once, and the page as it was is kept. */
function endAtFailure(name: string, page: () => Page): void {
  let broken = false
  beforeEach(context => {
    if (broken) context.skip('an earlier step of this story failed')
  })
  afterEach(async context => {
    if (broken || context.task.result?.state !== 'fail') return
    broken = true
    await keep(page(), `failed-${name}`)
  })
}
