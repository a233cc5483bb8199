// winnow demo: the whole job on the generated sample set, from photos to a model that other software runs, with times.

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Photo, ProblemCode, RunSettings } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import { newTemporaryFolder } from '../../../../common/temporary-folder.ts'
import { makeSampleSet, type SampleAnswers } from '../../../../library/import/sample.ts'
import { kindOfDevice, type DeviceChoice } from '../../../gpu-node.ts'
import type { CommandContext } from '../../context.ts'
import { exportRun } from '../models/export.ts'
import { followJob } from '../../jobs.ts'
import { deviceOption } from '../../options.ts'
import { pathOf } from '../../photos.ts'
import { mispredicted } from '../models/review.ts'
import { count, percent, seconds } from '../../texts.ts'
import { trainOne } from '../models/training.ts'

/** Small enough for two cores with a software GPU, large enough to tell the classes apart. */
const settings: RunSettings = {
  preset: 'photo-convnet',
  size: 32,
  channels: 3,
  epochs: 16,
  batch: 16,
  rate: 1e-3,
  seed: 1,
  augment: true,
}
/** Without a GPU of any kind: less of the same, so that two cores still end in a minute. */
const settingsOnCpu: RunSettings = { ...settings, epochs: 12 }
const reviewed = 20

export function addDemo(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('demo')
    .description('the whole job on a small generated photo set: import, check, train, review, export')
    .argument('[folder]', 'where to keep it; default: a new folder for temporary files')
    .addOption(deviceOption())
    .action((folder: string | undefined, { device }: { device: DeviceChoice }) =>
      run(context => demo(context, folder, device)),
    )
}

async function demo(context: CommandContext, named: string | undefined, device: DeviceChoice): Promise<void> {
  const { host, output, signal } = context
  const folder = named === undefined ? newTemporaryFolder('winnow-demo-') : resolve(host.cwd, named)
  const began = performance.now()
  const stage = stages(context)
  const photos = await stage('Sample', async () => {
    const made = await makeSampleSet(join(folder, 'sample'), signal)
    return [made, `a generated photo set in ${made}`]
  })
  const answers = JSON.parse(readFileSync(join(folder, 'sample', 'answers.json'), 'utf8')) as SampleAnswers
  const { client } = await context.open(join(folder, 'Demo.winnow'), { create: true })
  await stage('Import', () => importSample(context, client, photos))
  await stage('Check', () => checkSample(context, client, answers))
  const run = await stage('Train', async () => {
    const hasGpu = (await kindOfDevice(device)) !== 'cpu'
    const trained = await trainOne(
      context,
      client,
      await client.request('runs.create', hasGpu ? settings : settingsOnCpu),
      device,
    )
    return [
      trained,
      `${trained.summary!.epochs} epochs on ${trained.photos.train} photos, validation accuracy ${percent(trained.summary!.validationAccuracy ?? 0)}`,
    ]
  })
  const doubtful = await stage('Review', () => reviewSample(client, run.id, answers))
  await stage('Put right', () => relabelFirst(client, doubtful, answers))
  await stage('Export', async () => {
    const { parity } = await exportRun(context, client, run.id, join(folder, 'model.onnx'))
    return [undefined, `model.onnx answers like Winnow on ${parity.photos} photos (${parity.flipped} flipped)`]
  })
  output.result(
    [
      '',
      `Done in ${seconds(performance.now() - began)}. Everything is in ${folder}; look at it with: npm run -s winnow -- serve -L ${join(folder, 'Demo.winnow')}`,
    ],
    { type: 'demo', folder, ms: performance.now() - began },
  )
}

/** Runs a stage and reports it in one line with its time. */
function stages({ output }: CommandContext) {
  return async <T>(title: string, work: () => Promise<[T, string]>): Promise<T> => {
    const began = performance.now()
    const [value, text] = await work()
    const ms = performance.now() - began
    output.result(`${title.padEnd(10)} ${seconds(ms).padStart(7)}  ${text}`, { type: 'stage', title, ms, text })
    return value
  }
}

async function importSample(
  { output, signal, ...context }: CommandContext,
  client: Client,
  photos: string,
): Promise<[void, string]> {
  const folderIds = [await context.service().grantFolder(photos)]
  await followJob(client, 'import', () => client.request('import.start', { folderIds }), output, signal)
  const { photos: total, broken, classes } = (await client.request('library.current', {}))!
  return [
    undefined,
    `${count(total, 'photo')} in ${count(classes.length, 'class')}, ${broken} broken and kept out of training`,
  ]
}

async function checkSample(
  { output, signal }: CommandContext,
  client: Client,
  answers: SampleAnswers,
): Promise<[void, string]> {
  await followJob(client, 'check', () => client.request('check.start', {}), output, signal)
  const found = new Map((await client.request('check.summary', {})).map(({ code, photos }) => [code, photos]))
  const planted: readonly [ProblemCode, number][] = [
    ['truncated', answers.truncated.length],
    ['empty', answers.empty.length],
    ['not-an-image', answers.notImages.length],
    ['wrong-extension', answers.wrongExtension.length],
    ['dark', answers.dark.length],
    ['exact-duplicate', answers.copies.length],
    ['near-duplicate', answers.nearCopies.length],
  ]
  return [
    undefined,
    `found (planted): ${planted.map(([code, number]) => `${code} ${found.get(code) ?? 0} (${number})`).join(', ')}`,
  ]
}

async function reviewSample(client: Client, runId: number, answers: SampleAnswers): Promise<[Photo[], string]> {
  const { total, photos } = await mispredicted(client, reviewed, { runId })
  const wrong = new Set(answers.mislabelled.map(({ path }) => path))
  const found = photos.filter(photo => isOneOf(photo, wrong)).length
  return [
    photos,
    `${total} photos answered otherwise than labelled; ${found} of the ${wrong.size} planted wrong labels are among the first ${photos.length}`,
  ]
}

/** The first photo that the model is sure about gets the class the model gives it. */
async function relabelFirst(
  client: Client,
  doubtful: readonly Photo[],
  answers: SampleAnswers,
): Promise<[void, string]> {
  const wrong = new Set(answers.mislabelled.map(({ path }) => path))
  const photo = doubtful.find(each => isOneOf(each, wrong)) ?? doubtful[0]
  if (!photo?.prediction) return [undefined, 'nothing to put right: the model agrees with every label']
  const { text } = await client.request('photos.label', {
    selection: { ids: [photo.id] },
    classId: photo.prediction.classId,
  })
  return [undefined, `${pathOf(photo)}: ${text}`]
}

function isOneOf(photo: Photo, paths: ReadonlySet<string>): boolean {
  const own = pathOf(photo)
  return [...paths].some(path => own === path || own.endsWith(`/${path}`))
}
