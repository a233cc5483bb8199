// Runs a tool of node_modules with this Node and the terminal as its own.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The exit code; a tool ended by a signal counts as 1. `bin` picks one of a package's several commands. */
export function runTool(root: string, name: string, args: readonly string[], { bin = name, env = {} }: { bin?: string; env?: Record<string, string> } = {}): Promise<number> {
  const folder = join(root, 'node_modules', name)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: string | Record<string, string> }
  const script = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin]!
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, script), ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
    child.on('error', reject)
    child.on('exit', code => resolve(code ?? 1))
  })
}
