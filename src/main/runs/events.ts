// The log of a run: events are appended in order, written down before anyone hears of them, and never changed. A client
// that wants all subscribes first, then asks for the past, and drops what the stream brought before the answer: frames
// keep their order, so nothing is missed and nothing comes twice.

import { ServiceError } from '../../contract/errors.ts'
import type { Run, RunEvent } from '../../contract/records.ts'
import type { LibraryContext } from '../library/context.ts'
import { getRun, isOver } from './rows.ts'

/** All events so far, in order. */
export function readEvents({ library: { db } }: LibraryContext, runId: number): RunEvent[] {
  getRun(db, runId)
  return db
    .values<string>('SELECT json FROM run_event WHERE run_id = ? ORDER BY seq', runId)
    .map(json => JSON.parse(json) as RunEvent)
}

/** Adds events; the first 'started' makes the run 'running'. ServiceError 'run-over' once the run has ended. */
export function appendEvents(context: LibraryContext, runId: number, events: readonly RunEvent[]): void {
  const {
    library: { db },
  } = context
  const started = db.transaction(() => {
    const run = getRun(db, runId)
    checkOpen(run, events)
    let seq = db.value<number>('SELECT coalesce(max(seq), 0) FROM run_event WHERE run_id = ?', runId)!
    for (const event of events)
      db.run('INSERT INTO run_event (run_id, seq, json) VALUES (?, ?, ?)', runId, ++seq, JSON.stringify(event))
    const starts = run.state === 'created' && events.some(event => event.type === 'started')
    if (starts) db.run("UPDATE run SET state = 'running' WHERE id = ?", runId)
    return starts
  })
  for (const event of events) context.runEvents.emit(runId, event)
  if (started) context.changed()
}

/** The last word of a trainer may come after its run was finished; anything else is from one that was given up. */
function checkOpen(run: Run, events: readonly RunEvent[]): void {
  if (!isOver(run.state) || events.every(event => event.type === 'ended')) return
  throw new ServiceError(
    'run-over',
    `${run.name} has ended (${run.state}), so it takes no more events.`,
    'Start a new run.',
  )
}
