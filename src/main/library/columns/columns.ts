// What photos can be grouped by: a value of each photo under the name of a column. A pattern between slashes is a column too: what
// its first group, or the whole of it, finds in folder and name ("/patient-(\d+)/").

import { ServiceError } from '../../../contract/errors.ts'
import { photoColumns, type PhotoColumn } from '../../../contract/records.ts'
import type { ReadDb } from '../../db/database.ts'

const columns: Readonly<Record<PhotoColumn, string>> = {
  class: "coalesce((SELECT name FROM class WHERE id = class_id), '')",
  folder: 'folder',
  format: "coalesce(format, '')",
  shape: `CASE WHEN width IS NULL THEN '' WHEN width > 1.1 * height THEN 'wide' WHEN height > 1.1 * width THEN 'tall' ELSE 'square' END`,
  size: `CASE WHEN width IS NULL THEN '' WHEN max(width, height) < 256 THEN 'below 256 px' WHEN max(width, height) < 1024 THEN '256 to 1023 px' ELSE '1024 px and more' END`,
  problem: `coalesce((SELECT group_concat(code, ', ') FROM (SELECT code FROM problem WHERE photo_id = photo.id ORDER BY code)), '')`,
}

/** By photo id; '' where a photo has no value. ServiceError 'no-column'. */
export function readColumn(db: ReadDb, column: string): ReadonlyMap<number, string> {
  const pattern = /^\/(.+)\/$/s.exec(column)?.[1]
  if (pattern !== undefined) return byPattern(db, column, pattern)
  if (!(photoColumns as readonly string[]).includes(column)) throw noColumn(column)
  const sql = `SELECT id, ${columns[column as PhotoColumn]} AS value FROM photo`
  return new Map(db.all<{ id: number; value: string }>(sql).map(({ id, value }) => [id, value]))
}

function byPattern(db: ReadDb, column: string, pattern: string): ReadonlyMap<number, string> {
  const expression = compiled(column, pattern)
  const rows = db.all<{ id: number; path: string }>("SELECT id, folder || '/' || name AS path FROM photo")
  return new Map(
    rows.map(({ id, path }) => {
      const found = expression.exec(path)
      return [id, found?.[1] ?? found?.[0] ?? '']
    }),
  )
}

function compiled(column: string, pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch (error) {
    throw new ServiceError(
      'no-column',
      `The pattern ${column} cannot be read (${(error as Error).message}).`,
      'Write a regular expression between slashes, such as /patient-(\\d+)/.',
    )
  }
}

function noColumn(column: string): ServiceError {
  return new ServiceError(
    'no-column',
    `There is no column "${column}".`,
    `Choose one of ${photoColumns.join(', ')}, or a pattern of folder and name such as /patient-(\\d+)/.`,
  )
}
