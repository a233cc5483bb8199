// Runs ONNX files with ONNX Runtime's WebAssembly build from the installed package: one thread, no network, nothing of
// ours in the arithmetic. It is the second opinion on every export and the engine behind `winnow predict`.

import * as ort from 'onnxruntime-web'
import { ServiceError } from '../../../contract/errors.ts'
import type { ComparedEngine } from './parity.ts'
import { readOnnxMetadata, type OnnxMetadata } from '../../../core/io/onnx-metadata.ts'

export interface OnnxEngine extends ComparedEngine {
  readonly metadata: OnnxMetadata
}

/** Opens an exported model. Throws CoreError 'bad-model' for a foreign or damaged file, ServiceError
 *  'model-not-runnable' where the engine refuses it. */
export async function openEngine(file: Uint8Array<ArrayBuffer>): Promise<OnnxEngine> {
  const metadata = readOnnxMetadata(file)
  const session = await createSession(file)
  const { height, width, channels, labels } = metadata
  return {
    name: `onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common}`,
    metadata,
    classes: labels.length,
    async run(pixels, count) {
      const answers = await session.run({ image: new ort.Tensor('uint8', pixels, [count, height, width, channels]) })
      const probabilities = answers['probabilities']
      if (!probabilities || probabilities.size !== count * labels.length) {
        throw notRunnable(
          `it answered ${probabilities?.size ?? 0} numbers for ${count} photos and ${labels.length} labels`,
        )
      }
      return probabilities.data as Float32Array
    },
    close: () => session.release(),
  }
}

async function createSession(file: Uint8Array<ArrayBuffer>): Promise<ort.InferenceSession> {
  // The engine's own settings object is how it is told; one thread needs no workers and gives the same sums on every
  // machine.
  ort.env.wasm.numThreads = 1
  try {
    return await ort.InferenceSession.create(file, { executionProviders: ['wasm'], logSeverityLevel: 3 })
  } catch (error) {
    throw notRunnable(error instanceof Error ? error.message : String(error))
  }
}

function notRunnable(detail: string): ServiceError {
  return new ServiceError(
    'model-not-runnable',
    `ONNX Runtime cannot run this model: ${detail}.`,
    'Export the model again. If it happens again, report it with this message.',
  )
}
