// Who trains which run: a trainer says so by a subscription, which ends with its connection. A run whose last trainer has gone
// without ending it, and does not come back within a few seconds (a socket may be opened anew), is marked as interrupted, so
// that every window offers to go on with it.

import type { LibraryContext } from '../library/context.ts'
import { markInterrupted } from './recover.ts'
import { getRun, isOver } from './rows.ts'

const graceMs = 5_000

export interface Trainers {
  /** One more trainer of this run; the answer ends it. ServiceError 'no-run'. */
  add(runId: number): () => void
  /** The library closes: what is still held is told when it is opened again. */
  close(): void
}

export function createTrainers(context: Pick<LibraryContext, 'library' | 'changed'>, grace = graceMs): Trainers {
  const { db } = context.library
  const trainers = new Map<number, number>()
  const leaving = new Map<number, NodeJS.Timeout>()
  let closed = false

  function add(runId: number): () => void {
    getRun(db, runId)
    clearTimeout(leaving.get(runId))
    trainers.set(runId, (trainers.get(runId) ?? 0) + 1)
    return () => {
      const left = trainers.get(runId)! - 1
      trainers.set(runId, left)
      if (left === 0 && !closed)
        leaving.set(
          runId,
          setTimeout(() => giveUp(runId), grace),
        )
    }
  }

  function giveUp(runId: number): void {
    leaving.delete(runId)
    const state = db.value<Parameters<typeof isOver>[0]>('SELECT state FROM run WHERE id = ?', runId)
    if (state === undefined || isOver(state)) return
    markInterrupted(context, runId, name => `${name} was cut off: the window that trained it is gone`)
    context.changed()
  }

  return {
    add,
    close() {
      closed = true
      for (const timer of leaving.values()) clearTimeout(timer)
    },
  }
}
