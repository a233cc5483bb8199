// What the service offers about features: the photos that lack them, their pixels, the features themselves, and the label
// check by heads on them.

import { ServiceError } from '../../contract/errors.ts'
import type { Service } from '../../contract/table.ts'
import type { LibraryContext } from '../library/context.ts'
import type { History } from '../library/decisions/history.ts'
import { createFeatureWork, type FeatureWork } from './feature-work.ts'
import { createSimilarFeatures, type SimilarFeatures } from './similar-features.ts'
import { createLabelChecks, type LabelChecks } from './label-check.ts'
import { acceptProposals, proposalPage, proposalSummary } from './proposals/proposals.ts'

export interface FeatureServices {
  readonly work: FeatureWork
  readonly checks: LabelChecks
  readonly similar: SimilarFeatures
  readonly context: LibraryContext
}

export function createFeatureServices(context: LibraryContext): FeatureServices {
  return {
    work: createFeatureWork(context),
    checks: createLabelChecks(context),
    similar: createSimilarFeatures(context),
    context,
  }
}

type FeatureRequestName = Extract<keyof Service['requests'], `${'features' | 'labelCheck' | 'proposals'}.${string}`>

export function featureRequests(
  { work, checks, similar, context }: FeatureServices,
  history: History,
): Pick<Service['requests'], FeatureRequestName> {
  return {
    'features.begin': kind => work.begin(kind),
    'features.end': ({ jobId }) => {
      work.end(jobId)
      return {}
    },
    'features.similar': query => similar.find(query),
    'labelCheck.begin': query => checks.begin(query),
    'labelCheck.end': ({ checkId }) => checks.end(checkId),
    'proposals.summary': () => proposalSummary(context),
    'proposals.page': query => proposalPage(context, query),
    'proposals.accept': ({ above }) => {
      const decision = acceptProposals(context, history, above)
      context.changed()
      return decision
    },
  }
}

export function featureBytes({
  work,
  checks,
}: FeatureServices): Pick<
  Service['bytes'],
  'featurePixels' | 'features' | 'labelCheckProbabilities' | 'labelCheckProposals'
> {
  const idsOf = (list: string) => list.split(',').map(Number)
  return {
    featurePixels: {
      get: async ({ jobId, photoIds, size }) => ({ bytes: await work.pixels(jobId, idsOf(photoIds), size) }),
    },
    features: {
      get: async ({ photoIds, ...kind }) => ({ bytes: work.read(kind, idsOf(photoIds)) }),
      put: async ({ photoIds, jobId, ...kind }, body) => work.write(kind, idsOf(photoIds), jobId, body),
    },
    labelCheckProbabilities: {
      get: onlyPut,
      put: async ({ checkId }, body) => checks.put(checkId, body),
    },
    labelCheckProposals: {
      get: onlyPut,
      put: async ({ checkId }, body) => checks.putProposals(checkId, body),
    },
  }
}

async function onlyPut(): Promise<never> {
  throw new ServiceError('bad-request', 'These bytes are only put.', 'Ask for the report instead.')
}
