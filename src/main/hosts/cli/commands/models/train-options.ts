// What `winnow train` can be told about a run: one option for each of its settings (docs/training.md).

import { Option, type Command } from 'commander'
import { recipeStrengths } from '../../../../../contract/augmentation-recipes.ts'
import {
  FitName,
  OptimizerName,
  PrecisionName,
  ScheduleName,
  type RunSettings,
} from '../../../../../contract/records.ts'
import { presetNames } from '../../../../../core/index.ts'
import { channelsOf, decimal, whole } from '../../options.ts'

type Plain = Omit<RunSettings, 'augment' | 'augmentation' | 'fromRunId' | 'fromFile'>

/** As commander gives them: absent where not given. */
export interface SettingOptions extends Partial<Plain> {
  /** none, the name of a ready recipe, or a file. */
  readonly augment?: string
  readonly from?: string
}

export function addSettingOptions(command: Command): Command {
  addNet(command)
  addLength(command)
  addOptimizer(command)
  return addPhotos(command)
}

function addNet(command: Command): void {
  command
    .addOption(new Option('--preset <name>', 'the kind of net').choices(presetNames()))
    .option('--size <pixels>', 'photos become squares of this side', whole(8, 512))
    .addOption(
      new Option(
        '--fit <how>',
        'how they become squares: squash, or letterbox (in their own shape between grey bars)',
      ).choices(FitName.options),
    )
    .addOption(new Option('--channels <n>', '1 for grey, 3 for colour').argParser(channelsOf))
    .option('--from <run|file>', 'begin with the best weights of this run, or a safetensors file, where they fit')
    .addOption(
      new Option(
        '--freeze <stages>',
        'so many stages from the input stay as they begin, or "backbone": all but the head',
      ).argParser(depthOf),
    )
    .option('--backbone-rate <f>', 'everything but the head learns at this share of the rate', decimal(1e-6, 1))
}

function depthOf(text: string): 'backbone' | number {
  return text === 'backbone' ? text : whole(1, 1000)(text)
}

function addLength(command: Command): void {
  command
    .option('--epochs <n>', 'how often each photo is shown', whole(1, 10_000))
    .option('--iterations <n>', 'end after so many steps instead', whole(1, 10_000_000))
    .option('--patience <epochs>', 'end when validation has not improved for so long', whole(1, 10_000))
    .option(
      '--validation-sample <n>',
      'validation photos measured after each epoch (all at the end)',
      whole(1, 10_000_000),
    )
    .option('--batch <n>', 'photos a step', whole(1, 4096))
    .option('--seed <n>', 'the same seed gives the same run', whole(0, 0xffffffff))
    .addOption(
      new Option(
        '--precision <name>',
        'how activations are stored: f32, f16, or f16 where a trial says so (auto)',
      ).choices(PrecisionName.options),
    )
}

function addOptimizer(command: Command): void {
  command
    .option('--rate <r>', 'the learning rate', decimal(1e-9, 10))
    .addOption(new Option('--optimizer <name>', 'how weights are moved').choices(OptimizerName.options))
    .option('--momentum <m>', 'of momentum and nesterov (0.9), and rmsprop', decimal(0, 0.999))
    .option('--decay <d>', 'weight decay; 0.01 for adamw', decimal(0, 1))
    .option('--clip <norm>', 'the largest norm of all gradients together', decimal(1e-9, 1e6))
    .option(
      '--average <d>',
      'measure and export averaged weights that keep this share at each step, such as 0.999',
      decimal(0.5, 0.99999),
    )
    .addOption(new Option('--schedule <name>', 'how the rate falls').choices(ScheduleName.options))
    .option('--warm-up <share>', 'share of the run in which the rate rises', decimal(0, 0.9))
    .option('--floor <share>', 'of cosine: what is left of the rate at the end (0.01)', decimal(0, 1))
    .option('--step-every <share>', 'of step: after each such share of the run (0.3) ...', decimal(1e-6, 1))
    .option('--step-factor <f>', '... the rate is multiplied by this (0.1)', decimal(1e-9, 1))
}

function addPhotos(command: Command): Command {
  return command
    .option('--label-smoothing <share>', 'share of the label that is spread over all classes', decimal(0, 0.9))
    .addOption(new Option('--class-weights <how>', 'how much a class counts').choices(['equal', 'balanced']))
    .option(
      '--augment <recipe>',
      `random changes of the photos: none, ${recipeStrengths.join(', ')}, or a file with a recipe`,
    )
    .option('--mixup <share>', 'blend photos, the other having up to this share', decimal(0, 0.5))
    .option('--cutmix', 'paste rectangles of other photos')
    .option(
      '--train-share <share>',
      'learn from this share of the training photos of each class only',
      decimal(1e-6, 1),
    )
}
