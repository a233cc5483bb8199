// Backbones and the features they make of photos.

import { z } from 'zod'
import { Photo } from './photos.ts'

/** Which features: those of a backbone, by the first 16 digits of its weights' SHA-256, of photos as letterboxed squares of
 *  `size`; `numbers` a photo. */
export const FeatureKind = z.object({
  backbone: z.string().regex(/^[\da-f]{16}$/),
  size: z.number().int().min(32).max(512),
  numbers: z.number().int().min(1).max(4096),
})
export type FeatureKind = z.infer<typeof FeatureKind>

/** A backbone at hand or to be had. `builtIn` came with Winnow; a `url` can be fetched when someone asks for it. */
export const BackboneRecord = z.object({
  name: z.string(),
  builtIn: z.boolean(),
  /** Bytes of the file; of one that is not there those it will have. */
  bytes: z.number().int(),
  installed: z.boolean(),
  /** Bytes fetched so far, of a download that was stopped; null where there are none. */
  fetched: z.number().int().nullable(),
  licence: z.string(),
  /** Where it comes from, in a few words. */
  source: z.string(),
  url: z.string().nullable(),
  /** Good for which photos. */
  goodFor: z.string(),
})
export type BackboneRecord = z.infer<typeof BackboneRecord>

/** A photo like those that were asked about: 0 the same to a backbone, about 1 nothing in common. */
export const SimilarPhoto = z.object({ photo: Photo, distance: z.number() })
export type SimilarPhoto = z.infer<typeof SimilarPhoto>

/** The labelled photos that have features, dealt into folds: equal pictures lie in one. `foldOf` -1: in none. */
export const LabelCheckRows = z.object({
  checkId: z.number().int(),
  classes: z.array(z.object({ id: z.number().int(), name: z.string() })),
  photoIds: z.array(z.number().int()),
  /** Indices of `classes`. */
  labels: z.array(z.number().int()),
  /** 0 train, 1 validation, 2 test: where a run would have them. */
  splits: z.array(z.number().int().min(0).max(2)),
  foldOf: z.array(z.number().int()),
  folds: z.number().int(),
  /** Photos without a label that have features: the heads are to answer them too. */
  unlabelledIds: z.array(z.number().int()),
  /** Classes whose photos cannot be judged by others of them, and why. */
  leftOut: z.array(z.object({ name: z.string(), photos: z.number().int(), reason: z.enum(['single', 'copies']) })),
})
export type LabelCheckRows = z.infer<typeof LabelCheckRows>
