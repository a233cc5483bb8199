// What leaves a library as files, and which options each format knows: one table for the wire, the terminal and the
// page. A new format is a row here and the code that writes it.

interface ExportFormat {
  readonly about: string
  /** Of `winnow export`, that this format alone knows. */
  readonly options: readonly string[]
  /** How the name of what is written ends; null: it is a folder. */
  readonly ending: string | null
}

interface ModelFormat extends ExportFormat {
  /** The file of the service, which a folder comes packed in. */
  readonly file: '.onnx' | '.safetensors' | '.zip'
  /** Largest difference of a probability from the app's; null: only answers count. */
  readonly difference: number | null
  /** Share of answers that may be others; null: the difference says it, for where it is small only ties flip. */
  readonly flipped: number | null
}

/** A model for other software. */
export const modelFormats = {
  onnx: {
    about: 'the model',
    options: ['unknownBelow', 'folds'],
    ending: '.onnx',
    file: '.onnx',
    difference: 1e-3,
    flipped: null,
  },
  'onnx-f16': {
    about: 'the same with weights of 16 bits, half the size',
    options: ['unknownBelow'],
    ending: '.onnx',
    file: '.onnx',
    difference: 5e-3,
    flipped: null,
  },
  'onnx-int8': {
    about: 'the same with most weights of 8 bits, a third of the size',
    options: ['unknownBelow'],
    ending: '.onnx',
    file: '.onnx',
    difference: null,
    flipped: 0.01,
  },
  safetensors: {
    about: 'the weights alone, which train --from takes',
    options: [],
    ending: '.safetensors',
    file: '.safetensors',
    difference: 0,
    flipped: null,
  },
  pytorch: {
    about: 'a folder with the net as a PyTorch module, weights and predict.py',
    options: [],
    ending: null,
    file: '.zip',
    difference: 1e-3,
    flipped: null,
  },
} as const satisfies Record<string, ModelFormat>

/** A list of the photos in one file. */
export const listFormats = {
  csv: { about: 'a list of the photos', options: ['relative'], ending: '.csv' },
  jsonl: { about: 'the same as JSON lines, with what was decided', options: ['relative'], ending: '.jsonl' },
  'label-studio': { about: 'tasks with annotations for Label Studio', options: ['relative'], ending: '.json' },
  cvat: { about: 'annotations for CVAT (Datumaro JSON)', options: ['relative'], ending: '.json' },
} as const satisfies Record<string, ExportFormat>

/** Copies of the photos in a new folder. */
export const copyFormats = {
  folder: { about: 'copies of the photos in class folders', options: ['variants', 'recipe', 'seed'], ending: null },
  huggingface: { about: "the same as a data set of Hugging Face's hub (imagefolder)", options: [], ending: null },
  fiftyone: { about: 'copies as a FiftyOne data set', options: [], ending: null },
  webdataset: { about: 'copies in tar shards', options: [], ending: null },
} as const satisfies Record<string, ExportFormat>

/** Everything that `winnow export` writes. */
export const exportFormats = { ...modelFormats, ...listFormats, ...copyFormats } as const

export type ModelFormatName = keyof typeof modelFormats
export type ListFormatName = keyof typeof listFormats
export type CopyFormatName = keyof typeof copyFormats
export type ExportFormatName = keyof typeof exportFormats

export const modelFormatNames = Object.keys(modelFormats) as ModelFormatName[]
export const listFormatNames = Object.keys(listFormats) as ListFormatName[]
export const copyFormatNames = Object.keys(copyFormats) as CopyFormatName[]
export const exportFormatNames = Object.keys(exportFormats) as ExportFormatName[]
/** Of the report on a run. */
export const reportFormats = ['html', 'csv'] as const
