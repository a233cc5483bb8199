// Python of this machine with what other people read our files by: Debian's python3-torch, python3-onnx, python3-numpy,
// python3-pil and python3-opencv. Tests that need it are skipped without it, which is a failure where CI is set.

import { spawnSync } from 'node:child_process'

const candidates = ['/usr/bin/python3', 'python3']

/** The program that has these modules; null where there is none. */
export function pythonWith(...modules: readonly string[]): string | null {
  return candidates.find(python => spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status === 0) ?? null
}

/** What the script prints. Throws with what it said where it fails. */
export function runPython(python: string, script: string, args: readonly string[] = [], cwd?: string): string {
  const { status, stdout, stderr } = spawnSync(python, ['-B', '-c', script, ...args], {
    encoding: 'utf8',
    cwd,
    maxBuffer: 2 ** 28,
  })
  if (status === 0) return stdout
  throw new Error(`Python ended with ${status}: ${stderr}`)
}
