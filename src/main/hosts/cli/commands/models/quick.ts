// winnow quick -L <library>: a model in seconds, a linear head on the features of all photos. Says beforehand how right it can
// be expected to be, by heads that have not seen the photos they are asked about.

import type { Command } from 'commander'
import type { LabelCheckRows, Run } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import { tuningCache } from '../../../../../training/tuning-cache.ts'
import { LabelChecker } from '../../../../../training/features/label-check.ts'
import { trainQuick } from '../../../../../training/features/quick-run.ts'
import { deviceForFeatures, openDevice } from '../../../gpu-node.ts'
import type { CommandContext } from '../../context.ts'
import { deviceOption, libraryOption, whole } from '../../options.ts'
import { count, percent, seconds } from '../../texts.ts'
import { backboneNamed, backboneOption } from './backbone-named.ts'
import { makeFeatures, type FeatureOptions } from './features.ts'

export function addQuick(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('quick')
    .description('train a model in seconds on what a backbone sees in the photos')
    .addOption(libraryOption())
    .addOption(backboneOption())
    .option('--size <pixels>', 'photos become squares of this side; default: what suits the backbone', whole(32, 512))
    .addOption(deviceOption())
    .action((options: FeatureOptions) => run(context => quick(context, options)))
}

async function quick(context: CommandContext, options: FeatureOptions): Promise<void> {
  const { client } = await context.open(options.library)
  const { output, signal } = context
  const backbone = backboneNamed(context, options.backbone)
  const { kind } = await makeFeatures(context, client, backbone, options)
  const device = async () => openDevice(await deviceForFeatures(options.device), tuningCache(client))
  const checker = new LabelChecker({ client, kind, openDevice: device })
  try {
    const { expected, rows } = await checker.check(signal)
    noteLeftOut(context, rows)
    output.note(`Expected: about ${percent(expected.accuracy)} of new photos right (out of fold).`)
    const began = performance.now()
    const trained = await trainQuick({ client, backbone, kind, openDevice: device, signal })
    tell(context, trained, performance.now() - began, expected.accuracy)
  } finally {
    checker.close()
  }
}

/** Of the label check: classes that nothing else of their kind can judge. */
export function noteLeftOut({ output }: Pick<CommandContext, 'output'>, { leftOut }: LabelCheckRows): void {
  for (const { name, photos, reason } of leftOut)
    output.note(
      reason === 'single'
        ? `“${name}” has ${count(photos, 'photo')}, so nothing else can judge its label; it was left out of the check.`
        : `The ${photos} photos of “${name}” are copies of one picture, so no other can judge them; they were left out of the check.`,
    )
}

function tell({ output }: CommandContext, { summary, ...run }: Run, ms: number, expected: number): void {
  const { validationAccuracy, testAccuracy, adapter } = summary!
  const shown = [
    ['validation', validationAccuracy],
    ['test', testAccuracy],
  ].flatMap(([name, accuracy]) => (typeof accuracy === 'number' ? [`${name} ${percent(accuracy)}`] : []))
  output.result(`${run.name} in ${seconds(ms)} on ${adapter}. Accuracy: ${shown.join(', ')}.`, {
    type: 'run',
    run: { ...run, summary },
    validationAccuracy,
    testAccuracy,
    expectedAccuracy: expected,
    seconds: ms / 1000,
  })
}

/** Checks the labels by features, which are made first where they are missing. */
export async function checkByFeatures(
  context: CommandContext,
  client: Client,
  options: FeatureOptions & { readonly folds?: number; readonly seed?: number },
) {
  const { kind } = await makeFeatures(context, client, backboneNamed(context, options.backbone), options)
  const checker = new LabelChecker({
    client,
    kind,
    openDevice: async () => openDevice(await deviceForFeatures(options.device), tuningCache(client)),
    ...(options.folds !== undefined && { folds: options.folds }),
    ...(options.seed !== undefined && { seed: options.seed }),
  })
  try {
    const found = await checker.check(context.signal)
    noteLeftOut(context, found.rows)
    return found.report
  } finally {
    checker.close()
  }
}
