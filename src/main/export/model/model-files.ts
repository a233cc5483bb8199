// The bytes of a run's best model in each format, and the engine that judges them.

import type { ModelFormatName } from '../../../contract/export-formats.ts'
import { encodeCheckpoint } from '../../../core/io/checkpoint.ts'
import { encodeOnnx, type OnnxOptions } from '../../../core/io/onnx.ts'
import type { OnnxWeights } from '../../../core/io/onnx-weights.ts'
import type { ModelDescription } from '../../../core/nn/description.ts'
import { openEngine } from './engine.ts'
import type { ComparedEngine } from './parity.ts'
import type { ModelToWrite } from './model-to-write.ts'
import { preparationOf } from './preparation.ts'
import { openPytorch } from './pytorch-engine.ts'
import { pytorchZip } from './pytorch-folder.ts'

interface ModelFileKind {
  encode(model: ModelToWrite): Uint8Array<ArrayBuffer>
  /** Null where this machine has nothing that runs such files; absent where nothing computes. */
  open?(bytes: Uint8Array<ArrayBuffer>, model: ModelDescription): Promise<ComparedEngine | null>
}

export const modelFiles: Readonly<Record<ModelFormatName, ModelFileKind>> = {
  onnx: { encode: onnx('f32'), open: openEngine },
  'onnx-f16': { encode: onnx('f16'), open: openEngine },
  'onnx-int8': { encode: onnx('int8'), open: openEngine },
  safetensors: { encode: weightsAlone },
  pytorch: { encode: pytorchZip, open: openPytorch },
}

/** What every ONNX file of a run says of itself. */
export function onnxOptions({
  run,
  appVersion,
  temperature,
  unknownBelow,
}: Omit<ModelToWrite, 'model' | 'weights'>): OnnxOptions {
  const { settings, name } = run
  return { run: name, appVersion, temperature, unknownBelow, fit: settings.fit, preparation: preparationOf(settings) }
}

function onnx(how: OnnxWeights): ModelFileKind['encode'] {
  return ({ model, weights, ...rest }) => encodeOnnx(model, weights, { ...onnxOptions(rest), weights: how })
}

/** Without what training alone needs; with the model and the settings, so that it can be gone on from. */
function weightsAlone({ run, model, weights }: ModelToWrite): Uint8Array<ArrayBuffer> {
  return encodeCheckpoint({ model, weights, epoch: 0, step: 0, optimizer: null, average: null, settings: run.settings })
}
