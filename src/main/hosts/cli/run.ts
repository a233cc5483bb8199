// Runs one command and answers the exit code: 0 done, 1 failed, 2 wrong usage with one helpful line, 130 interrupted.

import { Command, CommanderError } from 'commander'
import { toErrorRecord } from '../../../contract/errors.ts'
import { addBackbone } from './commands/app/backbone.ts'
import { addAccept } from './commands/photos/accept.ts'
import { addAugment } from './commands/photos/augment.ts'
import { addCheck } from './commands/photos/check.ts'
import { addClassify } from './commands/models/classify.ts'
import { createContext, type CommandContext } from './context.ts'
import { addCurve } from './commands/models/curve.ts'
import { addDemo } from './commands/app/demo.ts'
import { addDoctor } from './commands/app/doctor.ts'
import { addEvaluate } from './commands/models/evaluate.ts'
import { addExclude } from './commands/photos/exclude.ts'
import { addExport } from './commands/models/export.ts'
import { addHeatMap } from './commands/models/heat-map.ts'
import { addFeatures } from './commands/models/features.ts'
import type { CliHost } from './host.ts'
import { addImport } from './commands/photos/import.ts'
import { addLabel } from './commands/photos/label.ts'
import { createOutput } from './output.ts'
import { addPredict } from './commands/models/predict.ts'
import { addQuick } from './commands/models/quick.ts'
import { addRelink } from './commands/photos/relink.ts'
import { addReview } from './commands/models/review.ts'
import { addSlices } from './commands/models/slices.ts'
import { addSplit } from './commands/photos/split.ts'
import { addVersion } from './commands/photos/version.ts'
import { addSimilar } from './commands/photos/similar.ts'
import { addServe } from './commands/app/serve.ts'
import { addLabelIssues } from './commands/models/label-issues.ts'
import { visible } from './texts.ts'
import { addTrain } from './commands/models/train.ts'
import { addTune } from './commands/models/tune.ts'
import { addRedo, addUndo } from './commands/photos/undo.ts'
import { addVerify } from './commands/photos/verify.ts'

/** Adds one command to the program; `run` gives its work a context and reports how it ended. */
export type AddCommand = (
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
) => void

const commands: readonly AddCommand[] = [
  addDemo,
  addImport,
  addCheck,
  addVerify,
  addRelink,
  addFeatures,
  addQuick,
  addTrain,
  addAugment,
  addEvaluate,
  addCurve,
  addSlices,
  addSimilar,
  addReview,
  addLabelIssues,
  addLabel,
  addExclude,
  addUndo,
  addRedo,
  addSplit,
  addAccept,
  addVersion,
  addExport,
  addPredict,
  addHeatMap,
  addClassify,
  addBackbone,
  addServe,
  addTune,
  addDoctor,
]

/** `args` without node and script. Never rejects. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  if (args.length === 0) {
    host.stderr.write('Say what to do, for example: winnow demo ("winnow --help" lists the commands)\n')
    return 2
  }
  let exitCode = 0
  const program = createProgram(host)
  for (const add of commands)
    add(
      program,
      async work => void (exitCode = await runCommand(work, host, program.opts<{ json?: boolean }>().json ?? false)),
    )
  for (const command of [program, ...program.commands.flatMap(each => [each, ...each.commands])]) settle(command, host)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    host.stderr.write(`${visible(toErrorRecord(error).message)}\n`)
    return 1
  }
}

function createProgram(host: CliHost): Command {
  return new Command('winnow')
    .description('From a folder of photos to a clean data set and a trained image classifier, on your own machine.')
    .version(host.version)
    .option('--json', 'print one event a line, the last of them {"type":"done"} or {"type":"failed"}')
}

/** One line on wrong usage, help on stdout, no process.exit, --json before or after the command. */
function settle(command: Command, { stdout, stderr }: CliHost): void {
  const path = pathOf(command)
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: text => void stdout.write(text),
      writeErr: text => void stderr.write(text),
      outputError: (text, write) =>
        write(`${visible(text.trim().replaceAll(/\s*\n\s*/g, ' '))} ("${path} --help" says more)\n`),
    })
  if (command.parent) {
    command
      .option('--json', 'print one event a line')
      .on('option:json', () => void rootOf(command).setOptionValue('json', true))
  }
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : 'winnow'
}

/** As shells say of a command that Ctrl+C ended. */
const interrupted = 130

async function runCommand(
  work: (context: CommandContext) => Promise<void>,
  host: CliHost,
  json: boolean,
): Promise<number> {
  const output = createOutput(host.stdout, host.stderr, json)
  const context = createContext(host, output)
  const began = performance.now()
  try {
    await work(context).catch(async error => {
      // What failed first is what is told, whatever the end brings.
      await context.close().catch(() => {})
      throw error
    })
    await context.close()
    output.done({ seconds: Math.round(performance.now() - began) / 1000 })
    return 0
  } catch (error) {
    const record = toErrorRecord(error)
    output.failed(record)
    return record.code === 'cancelled' && host.signal.aborted ? interrupted : 1
  }
}
