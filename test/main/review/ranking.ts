// How good a ranking of label issues is when the truth is known: average precision and the share of hits at the top.
// Used by benchmarks and by the learning loop, never to judge a person's photos.

/**
 * Average precision of ranking by `scores`, low first: the mean over hits of the precision down to them, with equal
 * scores taken together (as scikit-learn's average_precision_score of the negated scores). 0 when there is nothing to
 * find.
 */
export function averagePrecision(scores: ArrayLike<number>, hits: ArrayLike<number | boolean>): number {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!)
  const wanted = order.reduce((sum, i) => sum + Number(hits[i]), 0)
  if (wanted === 0) return 0
  let found = 0
  let sum = 0
  for (let at = 0; at < order.length;) {
    let end = at
    let here = 0
    while (end < order.length && scores[order[end]!] === scores[order[at]!]) here += Number(hits[order[end++]!])
    found += here
    sum += here * (found / end)
    at = end
  }
  return sum / wanted
}

/** Share of hits among the first `count` of a ranking. */
export function precisionAt(ranking: readonly number[], hits: ArrayLike<number | boolean>, count: number): number {
  const first = ranking.slice(0, count)
  return first.reduce((sum, i) => sum + Number(hits[i]), 0) / first.length
}
