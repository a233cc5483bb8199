// Electron's entry: finds the built parts beside itself and runs the app.

import * as electron from 'electron'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { toErrorRecord } from '../../contract/errors.ts'
import { appFolders } from '../hosts/folders.ts'
import { runApp } from './app.ts'

const out = join(import.meta.dirname, '..')
const root = electron.app.getAppPath()
const { config, libraries } = appFolders(process.env, process.platform, homedir())
const nodePath = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const settings = {
  configFolder: config,
  librariesFolder: libraries,
  nodePath,
  decoderPath: join(out, 'main', 'decoder.js'),
  checkerPath: join(out, 'main', 'checker.js'),
  backbonePath: join(root, 'build', 'backbone', 'mobilenet-v2-folded.safetensors'),
  version: electron.app.getVersion(),
}

// Not awaited: Electron becomes ready only after this module has been evaluated.
runApp(
  electron,
  {
    page: join(out, 'renderer'),
    preload: join(out, 'preload', 'preload.cjs'),
    service: join(out, 'main', 'service.js'),
  },
  [JSON.stringify(settings)],
).catch((error: unknown) => {
  electron.dialog.showErrorBox('Winnow cannot start', toErrorRecord(error).message)
  electron.app.exit(1)
})
