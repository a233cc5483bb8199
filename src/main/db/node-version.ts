// Says in a sentence what better-sqlite3 would say by a segmentation fault: this Node is too old.
// Hosts call it before they import anything that reaches the database; this file imports nothing that does.

import { ServiceError } from '../../contract/errors.ts'

const oldest = [22, 14] as const

/** Throws ServiceError 'node-too-old' when `version` ("22.13.1") is below 22.14. */
export function checkNodeVersion(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return
  throw new ServiceError(
    'node-too-old',
    `Winnow needs Node ${oldest.join('.')} or newer, and this is Node ${version}.`,
    'Start it through npm (npm start, npm run demo, npm run winnow): npm install brings a suitable Node along.',
  )
}
