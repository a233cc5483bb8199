// How a command ends early: a reader that has seen enough, and Ctrl+C once and twice.

import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { interruptSignal, leaveWithReader } from '../../../../src/main/hosts/cli/interrupt.ts'

function process() {
  const codes: number[] = []
  return {
    codes,
    process: Object.assign(new EventEmitter(), {
      stdout: new EventEmitter(),
      exit: (code: number) => void codes.push(code),
    }),
  }
}

describe('a command', () => {
  it('leaves without a word when its reader has gone, and lets no other error pass', () => {
    const { codes, process: own } = process()
    leaveWithReader(own as never)
    own.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    expect(codes).toEqual([0])
    expect(() => own.stdout.emit('error', Object.assign(new Error('no room'), { code: 'ENOSPC' }))).toThrow('no room')
  })

  it('is asked to stop by Ctrl+C, and leaves at the second', () => {
    const { codes, process: own } = process()
    const signal = interruptSignal(own as never)
    own.emit('SIGINT')
    expect([signal.aborted, codes]).toEqual([true, []])
    own.emit('SIGINT')
    expect(codes).toEqual([130])
  })
})
