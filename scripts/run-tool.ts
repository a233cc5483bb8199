// Runs a tool of node_modules with this Node and the terminal as its own, less what Dawn says of limits that nobody can
// change.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const noise = /artificially reduced from \d+ to \d+ to fit dynamic offset allocation limit/

/** The exit code; a tool ended by a signal counts as 1. `bin` picks one of a package's several commands. */
export function runTool(root: string, name: string, args: readonly string[], bin = name): Promise<number> {
  const folder = join(root, 'node_modules', name)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>
  }
  const script = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin]!
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, script), ...args], {
      cwd: root,
      stdio: ['inherit', 'inherit', 'pipe'],
    })
    createInterface({ input: child.stderr }).on(
      'line',
      line => void (noise.test(line) || process.stderr.write(`${line}\n`)),
    )
    child.on('error', reject)
    child.on('close', code => resolve(code ?? 1))
  })
}
