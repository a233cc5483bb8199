// What versions of Winnow came to measure later: photos imported before get it by a check, for which they are read once
// more. The hashes of their turned duplicates, and how sharp they are. Others are passed over.

import type { JobControl, LibraryContext } from '../context.ts'
import type { DecodedPhoto } from '../../pixels/types.ts'
import type { WriteDb } from '../../db/database.ts'
import { photoPathOf } from '../tables/roots.ts'
import { flagScores } from './thresholds.ts'

interface Unmeasured {
  readonly id: number
  readonly rootId: number
  readonly path: string
}

/** Photos whose file has changed or gone stay as they are. */
export async function fillLaterMeasures(
  { library: { db }, pixels }: Pick<LibraryContext, 'library' | 'pixels'>,
  { signal, progress }: Pick<JobControl, 'signal' | 'progress'>,
): Promise<void> {
  const photos = db.all<Unmeasured>(
    `SELECT id, root_id AS rootId, path FROM photo LEFT JOIN quality ON quality.photo_id = id
     WHERE usable = 1 AND phash IS NOT NULL AND (turns IS NULL OR (photo_id IS NOT NULL AND own_detail IS NULL)) ORDER BY id`,
  )
  if (photos.length === 0) return
  const pathOf = photoPathOf(db)
  const outputs = { thumbnail: false, quality: true, pixels: [] }
  const requests = photos.map(({ id, rootId, path }) => ({ key: id, path: pathOf(rootId, path), outputs }))
  let done = 0
  for await (const result of pixels.pool.decode(requests, { signal })) {
    if (result.status === 'ok') keepMeasures(db, result)
    progress(++done, photos.length)
  }
  flagScores(db)
}

function keepMeasures(db: WriteDb, { key, sha256, phashTurns, quality, ownDetail }: DecodedPhoto): void {
  db.relaxed(() => {
    db.run('UPDATE photo SET turns = ? WHERE id = ? AND sha256 = ?', phashTurns!.slice(1).join(' '), key, sha256)
    db.run(
      'UPDATE quality SET sharpness = ?, own_detail = ? WHERE photo_id = (SELECT id FROM photo WHERE id = ? AND sha256 = ?)',
      quality!.sharpness,
      ownDetail,
      key,
      sha256,
    )
  })
}
