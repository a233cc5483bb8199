// winnow predict <model.onnx> <photo>...: what an exported model says of photo files, without a library.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { ServiceError } from '../../../../../contract/errors.ts'
import { openEngine } from '../../../../export/model/engine.ts'
import { predictPhotos, type PhotoAnswer } from '../../../../export/model/predict.ts'
import { createDecodePool } from '../../../../pixels/pool/pool.ts'
import type { CommandContext } from '../../context.ts'
import { decimal } from '../../options.ts'
import { percent } from '../../texts.ts'

export function addPredict(
  program: Command,
  run: (work: (context: CommandContext) => Promise<void>) => Promise<void>,
): void {
  program
    .command('predict')
    .description('ask an exported model about photos')
    .argument('<model.onnx>', 'a model that Winnow exported')
    .argument('<photo...>', 'photo files')
    .option(
      '--unknown-below <share>',
      'answers less confident than this are "unknown"; default: what the model was exported with',
      decimal(0, 1),
    )
    .action((model: string, photos: string[], { unknownBelow }: { unknownBelow?: number }) =>
      run(context => predict(context, model, photos, unknownBelow)),
    )
}

async function predict(
  { output, host, signal }: CommandContext,
  model: string,
  photos: readonly string[],
  asked?: number,
): Promise<void> {
  const engine = await openEngine(readModel(resolve(host.cwd, model)))
  const pool = createDecodePool({ decoderPath: host.files.decoder })
  const below = asked ?? engine.metadata.unknownBelow
  let unread = 0
  try {
    for await (const answer of predictPhotos(
      engine,
      photos.map(photo => resolve(host.cwd, photo)),
      pool,
      signal,
    )) {
      if ('problem' in answer) unread++
      const unknown = 'confidence' in answer && answer.confidence < below
      output.result(lineOf(answer, unknown), { type: 'prediction', ...answer, unknown })
    }
  } finally {
    await pool.close()
    await engine.close()
  }
  if (unread === photos.length)
    throw new ServiceError(
      'no-photos',
      'None of these files could be read as a photo.',
      'Their reasons are listed above.',
    )
}

function lineOf(answer: PhotoAnswer, unknown: boolean): string {
  if ('problem' in answer) return `${answer.path}: ${answer.problem.reason}`
  const said = `${answer.label} (${percent(answer.confidence)})`
  return `${answer.path}: ${unknown ? `unknown; at best ${said}` : said}`
}

function readModel(file: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(file))
  } catch (error) {
    throw new ServiceError(
      'no-model',
      `${file} could not be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      'Check the path. "winnow export" writes such a file.',
    )
  }
}
