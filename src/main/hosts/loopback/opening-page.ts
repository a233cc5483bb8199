// How a browser is led to the page without the token on a command line, where every account of the machine could read it: a
// small page in a folder of this account alone sends the token as a form, so that it stands in no address and no history either.

import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newTemporaryFolder } from '../../common/temporary-folder.ts'

export interface OpeningPage {
  readonly file: string
  remove(): void
}

/** `address`: the loopback server's, with its token. ServiceError 'no-temporary-folder', or the system's error where
 *  nothing can be written. */
export function writeOpeningPage(address: string, folder = tmpdir()): OpeningPage {
  const { origin, hash } = new URL(address)
  const own = newTemporaryFolder('winnow-open-', folder) // 0700
  const file = join(own, 'open.html')
  writeFileSync(file, pageOf(`${origin}/sign-in`, hash.slice('#token='.length)), { mode: 0o600 })
  return { file, remove: () => rmSync(own, { recursive: true, force: true }) }
}

/** Origin and token are of letters that need no escape. */
function pageOf(action: string, token: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<title>Winnow</title>
<form method="post" action="${action}"><input type="hidden" name="token" value="${token}"><button>Winnow</button></form>
<script>document.forms[0].submit()</script>
`
}
