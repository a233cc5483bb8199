// Photos as people name them in a terminal: by the number that review prints, or by path (the end of it is enough).

import { basename } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import type { Photo } from '../../../contract/records.ts'
import type { Client } from '../../../contract/table.ts'

/** ServiceError 'no-photo' when there is none, 'ambiguous-photo' when there are several. */
export async function findPhoto(client: Client, typed: string): Promise<Photo> {
  if (/^\d+$/.test(typed)) return await client.request('photos.get', { photoId: Number(typed) })
  const wanted = typed.normalize('NFC').replaceAll('\\', '/')
  const found = (await photosNamed(client, basename(wanted))).filter(photo => endsAlike(pathOf(photo), wanted))
  if (found.length === 1) return found[0]!
  if (found.length === 0)
    throw new ServiceError(
      'no-photo',
      `There is no photo "${typed}" in this library.`,
      'Give its number as review prints it, or the end of its path.',
    )
  const some = found
    .slice(0, 5)
    .map(photo => `${photo.id} (${pathOf(photo)})`)
    .join(', ')
  throw new ServiceError(
    'ambiguous-photo',
    `${found.length} photos are called "${typed}".`,
    `Say which by its number: ${some}${found.length > 5 ? ' ...' : ''}.`,
  )
}

const pageSize = 1000

/** All whose path has these words in it. */
async function photosNamed(client: Client, words: string): Promise<Photo[]> {
  const filter = { text: words.slice(0, 200) }
  const found: Photo[] = []
  for (;;) {
    const { photos, total } = await client.request('photos.page', {
      filter,
      sort: 'added',
      offset: found.length,
      limit: pageSize,
    })
    found.push(...photos)
    if (photos.length === 0 || found.length >= total) return found
  }
}

/** Folder and name as the library shows them. */
export function pathOf({ folder, name }: Pick<Photo, 'folder' | 'name'>): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** Whether one path is the end of the other: "cats/1.jpg" and "/home/a/photos/cats/1.jpg". */
function endsAlike(own: string, typed: string): boolean {
  const clean = typed.replace(/^\.\//, '')
  return own === clean || own.endsWith(`/${clean}`) || clean.endsWith(`/${own}`)
}
