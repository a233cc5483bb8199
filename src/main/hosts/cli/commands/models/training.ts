// One training run in the terminal: the shared session on the device chosen, drawn as a bar.

import { ServiceError } from '../../../../../contract/errors.ts'
import type { Job, Run, RunEvent } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import { tuningCache } from '../../../../../training/tuning-cache.ts'
import { trainRun } from '../../../../../training/session.ts'
import { howToGetAGpu, openDevice, type DeviceChoice } from '../../../gpu-node.ts'
import type { CommandContext } from '../../context.ts'
import type { Output, ProgressBar } from '../../output.ts'
import { count, percent, seconds } from '../../texts.ts'

/** Trains the run, says how it went, and answers the run. Ctrl+C stops it and keeps the best weights so far: ServiceError
 *  'cancelled'. */
export async function trainOne(
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
  client: Client,
  created: Run,
  choice: DeviceChoice,
): Promise<Run> {
  const run = await follow({ output, signal }, client, created, choice)
  tell(output, run, choice)
  if (run.state === 'stopped' && signal.aborted) throw stoppedEarly(run)
  return run
}

async function follow(
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
  client: Client,
  created: Run,
  choice: DeviceChoice,
): Promise<Run> {
  const view = createTrainingView(output, choice)
  const unsubscribe = client.subscribe('jobs', {}, job => view.job(job))
  try {
    return await trainRun({
      client,
      runId: created.id,
      signal,
      onEvent: event => view.event(event),
      openDevice: () => openDevice(choice, tuningCache(client)),
    })
  } catch (error) {
    if (signal.aborted)
      throw new ServiceError(
        'cancelled',
        'Training was stopped before it had learnt anything.',
        'Run the same command again to start anew.',
      )
    throw error
  } finally {
    unsubscribe()
    view.stop()
  }
}

/** A person's Ctrl+C is no success: what waits for the command must not go on as if it were. */
function stoppedEarly({ id, name }: Run): ServiceError {
  return new ServiceError(
    'cancelled',
    `${name} was stopped before its end; its best weights so far are kept.`,
    `Go on with it by --continue ${id}.`,
  )
}

interface TrainingView {
  job(job: Job): void
  event(event: RunEvent): void
  stop(): void
}

/** First a bar for the pixels, while they are made; then one for the steps. */
function createTrainingView(output: Output, choice: DeviceChoice): TrainingView {
  let bar: ProgressBar | null = null
  let total = 0
  let validation = ''
  const show = (title: string) => {
    bar?.stop()
    bar = output.progress(title)
  }
  const step = (event: Extract<RunEvent, { type: 'step' }>) => {
    const left = event.secondsLeft === null ? '' : `, ${seconds(event.secondsLeft * 1000)} left`
    bar?.update(event.step, total, `loss ${event.loss.toFixed(3)}, ${percent(event.accuracy)}${validation}${left}`)
  }
  return {
    job(job) {
      if (job.kind !== 'pixels') return
      if (bar === null) show('pixels')
      bar?.update(job.done, job.total)
    },
    event(event) {
      if (event.type === 'started') {
        tellDevice(output, event, choice)
        total = event.steps ?? event.stepsPerEpoch * event.epochs
        show('train')
      }
      if (event.type === 'step') step(event)
      if (event.type === 'evaluated') validation = `, validation ${percent(event.accuracy)}`
      if (event.type === 'note') output.note(event.message)
      if (output.json && event.type !== 'step' && event.type !== 'predictions') output.result('', event)
    },
    stop() {
      bar?.stop()
      bar = null
    },
  }
}

/** Whoever chose the processor knows. */
function tellDevice(
  output: Output,
  { adapter, software, parameters }: Extract<RunEvent, { type: 'started' }>,
  choice: DeviceChoice,
): void {
  output.note(`Training ${parameters.toLocaleString('en')} parameters on ${deviceName(adapter, choice)}.`)
  if (software && choice !== 'cpu') output.note(`NO GPU IN USE: the processor computes. ${howToGetAGpu}`)
}

/** Whoever chose the processor is not told that there is nothing else. */
function deviceName(adapter: string, choice: DeviceChoice): string {
  return choice === 'cpu' ? adapter.replace(' (no GPU)', '') : adapter
}

function tell(output: Output, run: Run, choice: DeviceChoice): void {
  const summary = run.summary!
  const accuracies = [
    ['validation', summary.validationAccuracy],
    ['test', summary.testAccuracy],
  ] as const
  const shown = accuracies
    .flatMap(([name, accuracy]) => (accuracy === null ? [] : [`${name} ${percent(accuracy)}`]))
    .join(', ')
  output.result(
    `${run.name}${run.state === 'stopped' ? ' (stopped)' : ''}: ${count(summary.epochs, 'epoch')} in ${seconds(summary.seconds * 1000)} on ${deviceName(summary.adapter, choice)}. Accuracy: ${shown || 'not measured'}.`,
    { type: 'run', run },
  )
}
