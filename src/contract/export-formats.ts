// What leaves a library as files, and which options each format knows: one table for the wire, the terminal and the
// page. A new format is a row here and the code that writes it.

interface ExportFormat {
  readonly about: string
  /** Of `winnow export`, that this format alone knows. */
  readonly options: readonly string[]
}

/** A model for other software. */
export const modelFormats = {
  onnx: { about: 'the model', options: ['unknownBelow', 'folds'] },
} as const satisfies Record<string, ExportFormat>

/** Everything that `winnow export` writes. */
export const exportFormats = {
  ...modelFormats,
  csv: { about: 'a list of the photos', options: [] },
  folder: { about: 'copies of the photos in class folders', options: ['variants', 'recipe', 'seed'] },
} as const satisfies Record<string, ExportFormat>

export type ExportFormatName = keyof typeof exportFormats

export const modelFormatNames = Object.keys(modelFormats) as (keyof typeof modelFormats)[]
export const exportFormatNames = Object.keys(exportFormats) as ExportFormatName[]
/** Of the report on a run. */
export const reportFormats = ['html', 'csv'] as const
