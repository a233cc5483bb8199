// A decoder whose process dies, hangs or lies on demand: files named so stand for what a bad file might do to native
// code.

import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { decodeFile } from '../../../src/main/pixels/decode/decode-file.ts'
import { serveDecoder } from '../../../src/main/pixels/pool/serve-decoder.ts'

/** As on a machine where other programs have all processors: time goes by, and nothing is done. */
function stopFor(seconds: number): void {
  spawn('sh', ['-c', `sleep ${seconds}; kill -CONT ${process.pid}`], { stdio: 'ignore', detached: true }).unref()
  process.kill(process.pid, 'SIGSTOP')
}

serveDecoder(async (request, limits, admit) => {
  const name = basename(request.path)
  const log = (line: string): void => appendFileSync(join(dirname(request.path), 'log.txt'), `${line}\n`)
  log(name)
  if (name.startsWith('kill')) process.kill(process.pid, 'SIGKILL')
  if (name.startsWith('abort')) process.abort()
  if (name.startsWith('throw')) throw new Error('A bug in the decoder.')
  if (name.startsWith('hang')) await new Promise(() => {})
  if (name.startsWith('block')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  if (name.startsWith('spin')) for (;;);
  if (name.startsWith('wait')) await new Promise(resolve => setTimeout(resolve, 3000))
  if (name.startsWith('stop')) stopFor(3)
  if (name.startsWith('slow')) await new Promise(resolve => setTimeout(resolve, 250))
  if (name.startsWith('large')) {
    await admit(200_000_000)
    log('large begins')
    await new Promise(resolve => setTimeout(resolve, 120))
    log('large ends')
  }
  if (name.startsWith('later')) {
    process.once('exit', () => log('gone'))
    setTimeout(() => process.exit(1), 60)
  }
  return decodeFile(request, limits)
})
