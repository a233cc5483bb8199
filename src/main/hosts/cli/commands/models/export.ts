// winnow export -L <library> -o <path>: the best model of a run, run by another engine before it is handed out;
// or the cleaned data set, as a list (csv) or as copies in split and class folders (folder).

import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { recipeStrengths } from '../../../../../contract/augmentation-recipes.ts'
import { ServiceError } from '../../../../../contract/errors.ts'
import {
  copyFormats,
  exportFormatNames,
  exportFormats,
  listFormats,
  modelFormats,
  type CopyFormatName,
  type ExportFormatName,
  type ListFormatName,
  type ModelFormatName,
} from '../../../../../contract/export-formats.ts'
import type { ExportRecord } from '../../../../../contract/records.ts'
import type { Client } from '../../../../../contract/table.ts'
import { findRun, type CommandContext } from '../../context.ts'
import { copiesFolder } from './copies-folder.ts'
import { followJob } from '../../jobs.ts'
import { decimal, libraryOption, runOption, whole, wrongUsage } from '../../options.ts'
import { recipeFrom } from '../../augmentation-recipe.ts'
import { unpackFiles } from '../../../../formats/small-zip.ts'
import { parseCsv } from '../../../../formats/csv-reader.ts'
import { count, fileSize } from '../../texts.ts'
import { writeFolder, writeWhole } from '../../write-whole.ts'

interface ExportOptions {
  readonly library: string
  readonly run: string
  readonly output: string
  readonly format: ExportFormatName
  readonly variants: number
  readonly recipe: string
  readonly seed: number
  readonly unknownBelow?: number
  readonly folds?: boolean
  readonly relative?: boolean
}

export function addExport(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('export')
    .description('write a model that other software runs, or the cleaned data set')
    .addOption(libraryOption())
    .addOption(runOption())
    .addOption(
      new Option(
        '--format <format>',
        Object.entries(exportFormats)
          .map(([name, { about }]) => `${name}: ${about}`)
          .join('; '),
      )
        .choices(exportFormatNames)
        .default('onnx'),
    )
    .option(
      '--unknown-below <share>',
      'with onnx, onnx-f16 and onnx-int8: answers less confident than this are "unknown"; winnow evaluate suggests one',
      decimal(0, 1),
    )
    .option(
      '--folds',
      'with onnx: the nets of the cross-validation (winnow suspects --folds) in one file that answers with the mean of their probabilities',
    )
    .option('--relative', 'with lists: paths from the folder that holds all photos')
    .option('--variants <n>', 'with folder: changed copies of every training photo beside it', whole(0, 100), 0)
    .option(
      '--recipe <recipe>',
      `how they are changed: ${recipeStrengths.join(', ')}, or a file with a recipe`,
      'medium',
    )
    .option('--seed <n>', 'other changes for another number', whole(0, 0xffffffff), 1)
    .requiredOption(
      '-o, --output <path>',
      'where to write it; ends as the format does (.onnx, .safetensors, .csv, .jsonl, .json), or names a new folder',
    )
    .action((options: ExportOptions, command: Command) => {
      checkUsage(options, command)
      return run(context => exportAs(context, options))
    })
}

async function exportAs(context: CommandContext, options: ExportOptions): Promise<void> {
  const { client } = await context.open(options.library)
  const path = resolve(context.host.cwd, options.output)
  const { format } = options
  if (format in listFormats) await exportList(context, client, path, options)
  else if (format in copyFormats) await exportFolder(context, client, path, options)
  else
    await exportRun(context, client, await findRun(client, options.run), path, {
      ...options,
      format: format as ModelFormatName,
    })
}

interface ModelOptions extends Partial<Pick<ExportOptions, 'unknownBelow' | 'folds'>> {
  readonly format?: ModelFormatName
}

/** Writes the file or folder whole or not at all, and says how it compares. ServiceError 'parity-exceeded' where more differs
 *  than the format may. */
export async function exportRun(
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
  client: Client,
  runId: number,
  path: string,
  { unknownBelow, folds, format = 'onnx' }: ModelOptions = {},
): Promise<ExportRecord> {
  const record = await client.request(
    'exports.create',
    { runId, format, ...(unknownBelow !== undefined && { unknownBelow }), ...(folds && { folds }) },
    signal,
  )
  const bytes = await client.getBytes('export', { exportId: record.id })
  if (modelFormats[format].ending === null && !path.endsWith('.zip')) writeFolder(path, unpackFiles(bytes))
  else writeWhole(path, bytes)
  output.result(
    [`${path} (${fileSize(record.sizeBytes)}${record.nets ? `, ${record.nets} nets` : ''})`, parityText(record)],
    { type: 'export', file: path, ...record },
  )
  if (record.parity.within === false) throw parityExceeded(record)
  return record
}

function parityText({ parity }: ExportRecord): string {
  const { engine, photos, largestDifference, flipped, unchecked } = parity
  if (unchecked === 'no-runtime')
    return 'NOT compared: no Python with PyTorch was found on this machine (python3, with torch and numpy).'
  if (unchecked === 'same-weights') return 'It holds the very weights of the run.'
  if (unchecked === 'no-predictions') return `${engine} opens it; the run has no predictions to compare with.`
  return `Run by ${engine} on ${count(photos, 'photo')}: largest difference ${largestDifference.toExponential(1)}, ${flipped} flipped answers.`
}

function parityExceeded({
  format,
  parity: { largestDifference, flipped, flippedPhotos = [] },
}: ExportRecord): ServiceError {
  const { difference, flipped: share } = modelFormats[format]
  const may =
    difference === null ? `${100 * share!} % of the answers may flip` : `a difference of ${difference} is allowed`
  return new ServiceError(
    'parity-exceeded',
    `The written model does not answer as the app does: a difference of ${largestDifference.toExponential(1)}, ${flipped} flipped answers (photos ${flippedPhotos.join(', ') || 'none'}), where ${may}.`,
    'Do not use it. Export another format, or train again.',
  )
}

async function exportList(
  { output }: CommandContext,
  client: Client,
  file: string,
  { format, relative = false }: ExportOptions,
): Promise<void> {
  const bytes = await client.getBytes('dataset', {
    format: format as ListFormatName,
    ...(relative && { paths: 'relative' }),
  })
  writeWhole(file, bytes)
  const photos = photosIn(new TextDecoder().decode(bytes), format as ListFormatName)
  output.result(`${file}: ${count(photos, 'photo')} with label and split.`, { type: 'dataset', file, photos })
}

/** Names may hold line ends, so rows are counted, not lines. */
function photosIn(text: string, format: ListFormatName): number {
  if (format === 'csv') return parseCsv(text).length - 1
  if (format === 'jsonl') return text.split('\n').length - 1
  const list = JSON.parse(text) as unknown[] | { items: unknown[] }
  return (Array.isArray(list) ? list : list.items).length
}

async function exportFolder(
  context: CommandContext,
  client: Client,
  wantedFolder: string,
  { format, variants, recipe, seed }: ExportOptions,
): Promise<void> {
  const { output, signal } = context
  const { to, path: folder } = await copiesFolder(context, wantedFolder)
  const wanted = variants === 0 ? {} : { variants: { recipe: recipeFrom(context, recipe), seed, perPhoto: variants } }
  const job = await followJob(
    client,
    'copy',
    () => client.request('exports.dataset', { to, format: format as CopyFormatName, ...wanted }),
    output,
    signal,
  )
  const { copied = 0, failed = 0, variants: made = 0 } = job.result
  const text = `${folder}: ${count(copied, 'photo')} copied${made > 0 ? `, ${count(made, 'variant')} of training photos made` : ''}${failed > 0 ? `, ${failed} could not be read` : ''}.${format === 'folder' ? ' labels.csv lists them.' : ''}`
  output.result(text, { type: 'dataset', folder, copied, failed, variants: made })
}

/** The formats that know an option; of one that all know, none. */
function formatsWith(option: string): string[] {
  return Object.entries(exportFormats).flatMap(([format, { options }]) =>
    (options as readonly string[]).includes(option) ? [format] : [],
  )
}

function checkUsage({ format, output }: ExportOptions, command: Command): void {
  const { ending } = exportFormats[format]
  if (ending !== null && !output.endsWith(ending))
    wrongUsage(command, `option '-o, --output <path>' argument '${output}' is invalid. The name must end in ${ending}.`)
  for (const option of command.options) {
    const wanted = formatsWith(option.attributeName())
    if (
      wanted.length === 0 ||
      wanted.includes(format) ||
      command.getOptionValueSource(option.attributeName()) !== 'cli'
    )
      continue
    wrongUsage(
      command,
      `option '${option.flags}' has no effect with --format ${format}. Leave it out, or export with --format ${wanted[0]}.`,
    )
  }
}
