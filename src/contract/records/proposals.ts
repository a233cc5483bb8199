// Proposed labels: what heads on features answer for photos that have none.

import { z } from 'zod'
import { Photo } from './photos.ts'

/** `confidence`: the chance that the class is right, calibrated on labelled photos that the heads had not seen. */
export const Proposal = z.object({
  photo: Photo,
  classId: z.number().int(),
  className: z.string(),
  confidence: z.number(),
  /** The next likely class; null where it is gone. */
  secondClassName: z.string().nullable(),
})
export type Proposal = z.infer<typeof Proposal>

/** Usable, included photos without a label, and what is proposed for them. */
export const ProposalSummary = z.object({
  unlabelled: z.number().int(),
  /** Of these, photos that have a proposal. */
  answered: z.number().int(),
  /** The labels that the proposals were learnt from; null where there are none. */
  labelRevision: z.number().int().nullable(),
  /** From 0.5 to 0.99: how many are at least so sure, and about how many of those are wrong. */
  above: z.array(z.object({ confidence: z.number(), photos: z.number().int(), wrong: z.number() })),
})
export type ProposalSummary = z.infer<typeof ProposalSummary>
