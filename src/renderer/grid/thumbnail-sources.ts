// Where the pictures of a grid come from: cells that ask in the same moment share one answer of the service, because to ask for each picture by
// its own address costs a quarter of all that scrolling does. What does not stand ready, or was not answered, has its own address.

import type { Client } from '../../contract/table.ts'
import { packLimit, unpackThumbnails } from '../../contract/thumbnail-pack.ts'

export interface ThumbnailSource {
  readonly url: string
  /** Call when the picture stands, or is not wanted any more: the address is then let go. */
  release(): void
}

/** Never rejects. */
export type AskThumbnail = (photoId: number) => Promise<ThumbnailSource>

type Picture = Uint8Array<ArrayBuffer> | null

export function createThumbnailSources(client: Pick<Client, 'getBytes' | 'url'>): AskThumbnail {
  let asked = new Map<number, PromiseWithResolvers<Picture>>()

  async function send(questions: typeof asked): Promise<void> {
    asked = new Map()
    const pictures = await client.getBytes('thumbnails', { photoIds: [...questions.keys()].join(',') }).then(unpackThumbnails, () => [])
    ;[...questions.values()].forEach(({ resolve }, i) => resolve(pictures[i] ?? null))
  }

  function pictureOf(photoId: number): Promise<Picture> {
    const questions = asked
    if (questions.size === 0) queueMicrotask(() => { if (asked === questions) void send(questions) })
    const question = questions.get(photoId) ?? Promise.withResolvers<Picture>()
    questions.set(photoId, question)
    if (questions.size === packLimit) void send(questions)
    return question.promise
  }

  return async photoId => {
    const picture = await pictureOf(photoId)
    if (!picture) return { url: client.url('thumbnail', { photoId }), release: () => {} }
    // Of which kind it is, an <img> tells by its first bytes.
    const url = URL.createObjectURL(new Blob([picture]))
    return { url, release: () => URL.revokeObjectURL(url) }
  }
}
