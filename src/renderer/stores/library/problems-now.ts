// Which problems a photo has with the label that it has now: what was found of it under another label says nothing any
// more. The service leaves them out too; here it is for a label that was given a moment ago. Pure.

import type { Photo, Problem } from '../../../contract/records.ts'

export function problemsNow({ problems, classId }: Pick<Photo, 'problems' | 'classId'>): readonly Problem[] {
  return problems.filter(({ values }) => values['classId'] === undefined || values['classId'] === classId)
}
