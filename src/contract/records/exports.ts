// Models written for other software, and how far another engine agrees.

import { z } from 'zod'
import { modelFormatNames } from '../export-formats.ts'

/** The written model run by another engine on photos of the run, against what the app said of them. */
export const ParityReport = z.object({
  engine: z.string(),
  photos: z.number().int(),
  largestDifference: z.number(),
  flipped: z.number().int(),
  /** The first twenty photos whose answers flipped. */
  flippedPhotos: z.array(z.number().int()).optional(),
  /** False: more differs than the format may. Absent in records of earlier versions. */
  within: z.boolean().optional(),
  /** Why nothing was compared: no runtime of the format was found, the run has no predictions, or the file holds the very
   *  weights. */
  unchecked: z.enum(['no-runtime', 'no-predictions', 'same-weights']).optional(),
})
export type ParityReport = z.infer<typeof ParityReport>

export const ExportRecord = z.object({
  id: z.string(),
  runId: z.number().int(),
  format: z.enum(modelFormatNames),
  fileName: z.string(),
  sizeBytes: z.number().int(),
  /** Answers less confident than this are "unknown" to who asks the file; absent: none. */
  unknownBelow: z.number().optional(),
  /** How many nets of cross-validation the file holds, whose probabilities it averages; absent: the run's own net. */
  nets: z.number().int().optional(),
  parity: ParityReport,
})
export type ExportRecord = z.infer<typeof ExportRecord>
