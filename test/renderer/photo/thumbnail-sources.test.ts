// Pictures of a grid: what is asked for in one moment is one question; each gets its own picture, and the address of
// its own where there is none.

import { resolveObjectURL } from 'node:buffer'
import { expect, it } from 'vitest'
import { packThumbnails } from '../../../src/contract/thumbnail-pack.ts'
import { createThumbnailSources } from '../../../src/renderer/grid/thumbnail-sources.ts'
import { fakeClient } from '../fake-client.ts'

function sources(answer: (photoIds: number[]) => Response) {
  const questions: number[][] = []
  const ask = createThumbnailSources(fakeClient(), async url => {
    questions.push((JSON.parse(url.split('?')[1]!) as { photoIds: string }).photoIds.split(',').map(Number))
    return answer(questions.at(-1)!)
  })
  return { ask, questions }
}

const textAt = async (url: string) => resolveObjectURL(url)?.text()
const named = (photoIds: number[]) =>
  new Response(
    packThumbnails(photoIds.map(photoId => (photoId === 3 ? null : new TextEncoder().encode(`picture ${photoId}`)))),
  )

it('asks once for all that is wanted in the same moment, and again for what is wanted later', async () => {
  const { ask, questions } = sources(named)
  const [seven, alone, again] = await Promise.all([ask(7), ask(3), ask(7)])
  expect(questions).toEqual([[7, 3]])
  expect(await textAt(seven.url)).toBe('picture 7')
  expect(await textAt(again.url)).toBe('picture 7')
  expect(alone.url).toBe('/bytes/thumbnail?{"photoId":3}')
  seven.release()
  expect(await textAt(seven.url)).toBeUndefined()
  expect(await textAt(again.url)).toBe('picture 7')
  await ask(8)
  expect(questions).toEqual([[7, 3], [8]])
})

it('asks for a hundred at most at a time', async () => {
  const { ask, questions } = sources(named)
  await Promise.all(Array.from({ length: 230 }, (_, i) => ask(i + 1)))
  expect(questions.map(question => question.length)).toEqual([100, 100, 30])
})

it('gives every photo its own address where the service does not answer', async () => {
  const gone = sources(() => {
    throw new Error('gone')
  })
  expect((await gone.ask(4)).url).toBe('/bytes/thumbnail?{"photoId":4}')
  const refused = sources(() => new Response('{}', { status: 500 }))
  expect((await refused.ask(4)).url).toBe('/bytes/thumbnail?{"photoId":4}')
})
