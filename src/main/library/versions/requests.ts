// What the service offers about versions of the data set.

import type { Service } from '../../../contract/table.ts'
import type { LibraryContext } from '../context.ts'
import type { History } from '../decisions/history.ts'
import { versionDifference } from './difference.ts'
import { restoreVersion } from './restore.ts'
import { deleteVersion, listVersions, saveVersion } from './versions.ts'

export function versionRequests(
  { library: { db }, changed, now }: LibraryContext,
  history: History,
): Pick<Service['requests'], `versions.${'list' | 'save' | 'delete' | 'difference' | 'restore'}`> {
  return {
    'versions.list': () => listVersions(db),
    'versions.save': ({ name }) => saveVersion(db, name, now().toISOString()),
    'versions.delete'({ versionId }) {
      deleteVersion(db, versionId)
      return {}
    },
    'versions.difference': ({ from, to }) => versionDifference(db, from, to),
    'versions.restore'({ versionId }) {
      const decision = restoreVersion(db, history, versionId)
      changed()
      return decision
    },
  }
}
