// winnow export -L <library> -o <file>: the best model of a run as ONNX, run by another engine before it is handed out.

import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { ServiceError } from '../../../contract/errors.ts'
import type { ExportRecord } from '../../../contract/records.ts'
import type { Client } from '../../../contract/table.ts'
import { findRun, type CommandContext } from './context.ts'
import { libraryOption, runOption } from './options.ts'
import { megabytes } from './texts.ts'

interface ExportOptions {
  readonly library: string
  readonly run: string
  readonly output: string
}

export function addExport(program: Command, run: (work: (context: CommandContext) => Promise<void>) => Promise<void>): void {
  program.command('export')
    .description('write a model that other software runs')
    .addOption(libraryOption())
    .addOption(runOption())
    .addOption(new Option('--format <format>', 'the kind of file').choices(['onnx']).default('onnx'))
    .requiredOption('-o, --output <file>', 'where to write it; ends in .onnx', onnxFile)
    .action((options: ExportOptions) => run(async context => {
      const { client } = await context.open(options.library)
      await exportRun(context, client, await findRun(client, options.run), resolve(context.host.cwd, options.output))
    }))
}

/** Writes the file whole or not at all, and says how it compares. */
export async function exportRun({ output, signal }: Pick<CommandContext, 'output' | 'signal'>, client: Client, runId: number, file: string): Promise<ExportRecord> {
  const record = await client.request('exports.create', { runId, format: 'onnx' }, signal)
  writeWhole(file, await client.getBytes('export', { exportId: record.id }))
  const { engine, photos, largestDifference, flipped } = record.parity
  output.result(`${file} (${megabytes(record.sizeBytes)})\nRun by ${engine} on ${photos} photos: largest difference ${largestDifference.toExponential(1)}, ${flipped} flipped answers.`, { type: 'export', file, ...record })
  return record
}

function onnxFile(text: string): string {
  if (text.endsWith('.onnx')) return text
  throw new InvalidArgumentError('The name must end in .onnx.')
}

function writeWhole(file: string, bytes: Uint8Array): void {
  const partial = `${file}.${process.pid}.partial`
  try {
    writeFileSync(partial, bytes)
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    const { code } = error as NodeJS.ErrnoException
    throw new ServiceError('cannot-write', `${file} could not be written (${code ?? String(error)}).`, `Check that the folder ${dirname(file)} exists, that you may write there and that the disk has room.`)
  }
}
