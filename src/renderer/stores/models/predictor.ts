// Single photos asked of a run, in a worker of their own: its own by their ids; photos from outside travel to the
// service as they are and come back as the pixels that the run would see, by the same rule as in training. It also says
// what a run would begin with. The worker starts with the first question and rests a while after the last.

import { defineStore } from 'pinia'
import { fromErrorRecord } from '../../../contract/errors.ts'
import { useConnection } from '../../api/client-key.ts'
import type { AskedPhoto, FromWorker, Preview, PreviewRequest, ToWorker } from '../../training/messages.ts'
import { usePageWorker } from '../training/page-worker.ts'

export type Answer = Extract<FromWorker, { kind: 'answer' }>['answer']
export type AskPhoto = { readonly photoId: number } | { readonly file: Blob; readonly name: string }

const REST_MS = 60_000

export const usePredictorStore = defineStore('predictor', () => {
  const connection = useConnection()
  const waiting = new Map<number, { resolve(answer: Answer | Preview): void; reject(error: unknown): void }>()
  const { tell, tellAwake, letGo } = usePageWorker({ name: 'predictor', hear, fail })
  let lastId = 0
  let rest: ReturnType<typeof setTimeout> | null = null

  // A worker that failed never answers: the next question starts another.
  function fail(message: string): void {
    letGo()
    const error = new Error(message || 'The worker that answers photos could not be started.')
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  function hear(message: FromWorker): void {
    if (message.kind !== 'answer' && message.kind !== 'look' && message.kind !== 'no-answer') return
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.kind === 'answer') asked?.resolve(message.answer)
    else if (message.kind === 'look') asked?.resolve(message.look)
    else asked?.reject(fromErrorRecord(message.error))
    if (waiting.size === 0) rest = setTimeout(() => tellAwake({ kind: 'rest' }), REST_MS)
  }

  /** What the run says of a photo; `label` (an index of the run's classes) is the class to look for, else the most
   *  probable. */
  async function ask(runId: number, photo: AskPhoto, label: number | null = null): Promise<Answer> {
    const asked = 'photoId' in photo ? photo : await putVisitor(photo.file, photo.name)
    return send<Answer>(id => ({ kind: 'ask', id, runId, photo: asked, label }))
  }

  /** What a run would begin with. CoreError 'bad-checkpoint' where a file is none. */
  function look(question: PreviewRequest): Promise<Preview> {
    return send<Preview>(id => ({ kind: 'look', id, question }))
  }

  function send<T extends Answer | Preview>(message: (id: number) => ToWorker): Promise<T> {
    if (rest) clearTimeout(rest)
    const id = ++lastId
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve: answer => resolve(answer as T), reject })
      tell(message(id))
    })
  }

  async function putVisitor(file: Blob, name: string): Promise<Extract<AskedPhoto, { visitorId: string }>> {
    const visitor = { visitorId: crypto.randomUUID(), name: name.slice(0, 200) || 'photo' }
    await connection.client.putBytes('visitor', visitor, new Uint8Array(await file.arrayBuffer()))
    return visitor
  }

  return { ask, look }
})
