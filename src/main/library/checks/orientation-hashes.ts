// Photos imported before the hashes of their turned duplicates were kept get them by a check: they are read once more.
// Others are passed over.

import type { JobControl, LibraryContext } from '../context.ts'
import { photoPathOf } from '../tables/roots.ts'

interface Unturned {
  readonly id: number
  readonly rootId: number
  readonly path: string
}

/** Photos whose file has changed or gone stay as they are. */
export async function fillOrientationHashes(
  { library: { db }, pixels }: Pick<LibraryContext, 'library' | 'pixels'>,
  { signal, progress }: Pick<JobControl, 'signal' | 'progress'>,
): Promise<void> {
  const photos = db.all<Unturned>(
    'SELECT id, root_id AS rootId, path FROM photo WHERE usable = 1 AND phash IS NOT NULL AND turns IS NULL ORDER BY id',
  )
  const pathOf = photoPathOf(db)
  const outputs = { thumbnail: false, quality: true, pixels: [] }
  const requests = photos.map(({ id, rootId, path }) => ({ key: id, path: pathOf(rootId, path), outputs }))
  let done = 0
  for await (const result of pixels.pool.decode(requests, { signal })) {
    if (result.status === 'ok') {
      db.relaxed(() =>
        db.run(
          'UPDATE photo SET turns = ? WHERE id = ? AND sha256 = ?',
          result.phashTurns!.slice(1).join(' '),
          result.key,
          result.sha256,
        ),
      )
    }
    progress(++done, photos.length)
  }
}
