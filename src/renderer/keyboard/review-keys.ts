// The keys of review: Enter takes the proposal, K keeps, X excludes, U is not sure, digits name another class, H shows
// where the run looked, arrows go on. Undo takes back the newest answer of this queue, and passes on where there is
// none.

import { useClassesStore } from '../stores/library/classes.ts'
import { useHeatMapStore } from '../stores/review/heat-map.ts'
import { useReviewStore } from '../stores/review/review.ts'
import { forViewer, useShortcuts } from './use-shortcuts.ts'
import type { Binding } from './use-shortcuts.ts'

/** Adds the keys while the component is on screen and `listening`; returns those for the viewer. */
export function useReviewKeys(handlers: {
  readonly choose: () => void
  readonly view: () => void
  readonly listening: () => boolean
}) {
  const review = useReviewStore()
  const heatMap = useHeatMapStore()
  const classes = useClassesStore()
  const bindings: readonly Binding[] = [
    { id: 'review.accept', inBar: true, run: () => void review.acceptProposed() },
    { id: 'review.keep', inBar: true, run: () => void review.mark('kept') },
    { id: 'review.exclude', inBar: true, run: () => void review.exclude() },
    { id: 'review.unsure', inBar: true, run: () => void review.mark('unsure') },
    {
      id: 'review.label',
      inBar: true,
      run: event => {
        const entry = classes.ofDigit(Number(event.code.at(-1)))
        if (entry) void review.label(entry.id)
        return entry !== undefined
      },
    },
    { id: 'review.choose', run: handlers.choose },
    { id: 'review.view', run: handlers.view },
    { id: 'review.heat', inBar: true, run: heatMap.next },
    {
      id: 'app.undo',
      run: () => {
        const mine = review.done.length > 0
        if (mine) void review.undo()
        return mine
      },
    },
    { id: 'review.previous', inBar: true, run: () => review.go(review.index - 1) },
    { id: 'review.next', inBar: true, run: () => review.go(review.index + 1) },
  ]
  useShortcuts('review', bindings, { when: handlers.listening })
  return { viewerKeys: forViewer(bindings) }
}
