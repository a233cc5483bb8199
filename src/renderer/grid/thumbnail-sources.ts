// Where the pictures of a grid come from: cells that ask in the same moment share one answer of the service, because to
// ask for each picture by its own address costs a quarter of all that scrolling does. What does not stand ready, or was
// not answered, has its own address.

import type { Client } from '../../contract/table.ts'
import { packLimit, unpackThumbnails } from '../../contract/thumbnail-pack.ts'

export interface ThumbnailSource {
  readonly url: string
  /** Call when the picture stands, or is not wanted any more: the address is then let go. */
  release(): void
}

/** Never rejects. */
export type AskThumbnail = (photoId: number) => Promise<ThumbnailSource>

/** `fetch` is the platform's: as blobs the pictures never enter this process before they are drawn. */
export function createThumbnailSources(
  client: Pick<Client, 'url'>,
  fetch: (url: string) => Promise<Response>,
): AskThumbnail {
  let asked = new Map<number, PromiseWithResolvers<Blob | null>>()

  async function ask(photoIds: readonly number[]): Promise<readonly (Blob | null)[]> {
    const answer = await fetch(client.url('thumbnails', { photoIds: photoIds.join(',') }))
    return answer.ok ? unpackThumbnails(await answer.blob(), photoIds.length) : []
  }

  async function send(questions: typeof asked): Promise<void> {
    asked = new Map()
    const pictures = await ask([...questions.keys()]).catch(() => [])
    ;[...questions.values()].forEach(({ resolve }, i) => resolve(pictures[i] ?? null))
  }

  function pictureOf(photoId: number): Promise<Blob | null> {
    const questions = asked
    if (questions.size === 0)
      queueMicrotask(() => {
        if (asked === questions) void send(questions)
      })
    const question = questions.get(photoId) ?? Promise.withResolvers<Blob | null>()
    questions.set(photoId, question)
    if (questions.size === packLimit) void send(questions)
    return question.promise
  }

  return async photoId => {
    const picture = await pictureOf(photoId)
    if (!picture) return { url: client.url('thumbnail', { photoId }), release: () => {} }
    // Of which kind it is, an <img> tells by its first bytes.
    const url = URL.createObjectURL(picture)
    return { url, release: () => URL.revokeObjectURL(url) }
  }
}
