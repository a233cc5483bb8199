// Where Winnow keeps its own small files (recent libraries, settings) and where new libraries go, by each system's
// custom.

import { join } from 'node:path'

export interface AppFolders {
  readonly config: string
  readonly libraries: string
}

/** Pure: the same environment gives the same folders. WINNOW_HOME puts both in one place. */
export function appFolders(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
  home: string,
): AppFolders {
  const own = env['WINNOW_HOME']
  if (own) return { config: join(own, 'config'), libraries: join(own, 'libraries') }
  return { config: join(configHome(env, platform, home), 'winnow'), libraries: join(home, 'Winnow') }
}

function configHome(env: Readonly<Record<string, string | undefined>>, platform: string, home: string): string {
  if (platform === 'win32') return env['APPDATA'] ?? join(home, 'AppData', 'Roaming')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support')
  return env['XDG_CONFIG_HOME'] || join(home, '.config')
}
