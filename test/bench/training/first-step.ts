// From the start of a process to the end of its first training step: with no shader remembered by the driver, and
// started again after that. Mesa keeps compiled shaders in a folder, which is a new one here; other drivers may
// remember elsewhere, and then both are warm.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startContender } from './race.ts'

export async function firstSteps(): Promise<{ readonly coldMs: number; readonly warmMs: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-shaders-'))
  const once = async () => {
    const began = performance.now()
    const runner = await startContender({ framework: 'winnow', name: 'winnow' }, 'deep-convnet', {
      MESA_SHADER_CACHE_DIR: folder,
    })
    await runner.run({ steps: 1, losses: false })
    const ms = performance.now() - began
    runner.close()
    return ms
  }
  try {
    return { coldMs: await once(), warmMs: await once() }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
