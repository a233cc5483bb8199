// How good a run is as one self-contained HTML page: no script, no link, nothing loaded; it can be mailed and printed.
// Every text that comes from the library is escaped.

import type { Advice, Calibration, ConfusionMatrix, Interval, ReviewReport, Run } from '../../contract/records.ts'
import { type Language, reportWords, type ReportWords } from './report-words.ts'

export interface ReportInput {
  readonly run: Run
  readonly report: ReviewReport
  readonly confusion: ConfusionMatrix
  readonly calibration: Calibration
  readonly advice: readonly Advice[]
  readonly language: Language
  /** When the page is made, ISO. */
  readonly at: string
}

export function htmlReport({ run, report, confusion, calibration, advice, language, at }: ReportInput): string {
  const words = reportWords[language]
  const title = `${run.name}: ${words.splits[report.split]}`
  const { preset, size, channels, epochs } = run.settings
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title><style>${style}</style></head>
<body><h1>${escape(title)}</h1>
<p>${escape(preset)}, ${size} x ${size} x ${channels}, ${words.epochs(epochs)}</p>
${summary(report, calibration, words)}
${caveats(report, words)}
${advice.length === 0 ? '' : section(words.advice, `<ul>${advice.map(item => `<li>${escape(words.sentence(item))}</li>`).join('')}</ul>`)}
${section(words.perClass, classTable(report, words))}
${section(words.confusion, `<p>${escape(words.confusionHint)}</p>${confusionTable(confusion)}`)}
${section(words.calibration, `<p>${escape(words.calibrationHint)}</p>${diagram(calibration)}${calibrationNote(calibration, words)}${thresholdTable(calibration, words)}`)}
<footer>${escape(words.made)}, ${escape(at.slice(0, 16).replace('T', ' '))}</footer></body></html>
`
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
table{border-collapse:collapse}th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid #ddd}th:first-child,td:first-child{text-align:left}
.cell{min-width:2.2rem}dl{display:grid;grid-template-columns:max-content auto;gap:.2rem 1rem}dt{color:#555}dd{margin:0}footer{margin-top:2rem;color:#555}
.wrap{overflow-x:auto}`

function section(title: string, body: string): string {
  return `<section><h2>${escape(title)}</h2>${body}</section>`
}

function summary(
  { photos, accuracy, macroF1, weightedF1 }: ReviewReport,
  { topK }: Calibration,
  words: ReportWords,
): string {
  const items: [string, string][] = [
    [words.photos, String(photos)],
    [words.accuracy, percent(accuracy.value)],
    [words.interval, `${percent(accuracy.low)} – ${percent(accuracy.high)}`],
    [words.macroF1, percent(macroF1)],
    [words.weightedF1, percent(weightedF1)],
    ...topK.filter(({ k }) => k > 1).map(({ k, share }): [string, string] => [words.among(k), percent(share)]),
  ]
  return `<dl>${items.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${value}</dd>`).join('')}</dl>`
}

/** What the accuracy rests on: copies of training photos, and classes that no photo judges. */
function caveats({ photos, copies, classes }: ReviewReport, words: ReportWords): string {
  const without = photos === 0 ? [] : classes.filter(own => own.photos === 0).map(({ name }) => name)
  const lines = [
    ...(copies && copies.photos > 0 ? [words.copies(copies.photos, photos, withoutCopies(copies.accuracy))] : []),
    ...(without.length > 0 ? [words.unjudged(without.join(', '))] : []),
  ]
  return lines.map(line => `<p><strong>${escape(line)}</strong></p>`).join('')
}

function withoutCopies({ value, low, high }: Interval): string | null {
  return value === null ? null : `${percent(value)} (${percent(low)} – ${percent(high)})`
}

function classTable({ classes }: ReviewReport, words: ReportWords): string {
  const head = [words.name, words.photos, words.precision, words.recall, 'F1']
    .map(text => `<th scope="col">${escape(text)}</th>`)
    .join('')
  const rows = classes.map(
    ({ name, photos, precision, recall, f1 }) =>
      `<tr><td>${escape(name)}</td><td>${photos}</td><td>${withInterval(precision)}</td><td>${withInterval(recall)}</td><td>${percent(f1)}</td></tr>`,
  )
  return `<div class="wrap"><table><tr>${head}</tr>${rows.join('')}</table></div>`
}

/** Darker is a larger share of the row; the number stands in every cell, so colour carries nothing alone. */
function confusionTable({ classes, counts }: ConfusionMatrix): string {
  const head = classes.map(({ name }) => `<th scope="col">${escape(name)}</th>`).join('')
  const rows = classes.map(({ name }, k) => {
    const total = counts[k]!.reduce((a, b) => a + b, 0)
    const cells = counts[k]!.map((count, answer) => {
      const share = total === 0 ? 0 : count / total
      const hue = answer === k ? '40,120,200' : '210,90,30'
      return `<td class="cell" style="background:rgba(${hue},${(share * 0.6).toFixed(3)})">${count}</td>`
    })
    return `<tr><th scope="row">${escape(name)}</th>${cells.join('')}</tr>`
  })
  return `<div class="wrap"><table><tr><th></th>${head}</tr>${rows.join('')}</table></div>`
}

/** The reliability diagram, 240 units a side; a point's area is the share of photos in its bin. */
function diagram({ bins, photos }: Calibration): string {
  const side = 240
  const points = bins
    .filter(bin => bin.photos > 0)
    .map(bin => {
      const radius = 3 + 12 * Math.sqrt(bin.photos / photos)
      return (
        `<circle cx="${(bin.confidence! * side).toFixed(1)}" cy="${((1 - bin.accuracy!) * side).toFixed(1)}" r="${radius.toFixed(1)}"` +
        ` fill="rgba(40,120,200,.7)"><title>${percent(bin.confidence)}: ${percent(bin.accuracy)} (${bin.photos})</title></circle>`
      )
    })
  return (
    `<svg width="280" height="280" viewBox="-20 -20 280 280" role="img"><rect width="${side}" height="${side}" fill="none" stroke="#888"/>` +
    `<path d="M0 ${side}L${side} 0" stroke="#888" stroke-dasharray="4"/>${points.join('')}</svg>`
  )
}

function calibrationNote({ error, temperature }: Calibration, words: ReportWords): string {
  return `<dl><dt>${escape(words.error)}</dt><dd>${percent(error)}</dd><dt>${escape(words.temperature)}</dt><dd>${temperature.toFixed(2)}</dd></dl>`
}

/** What answering "unknown" below a confidence costs and buys. */
function thresholdTable({ thresholds, unknownBelow }: Calibration, words: ReportWords): string {
  const rows = thresholds.map(
    ({ threshold, answered, accuracy }) =>
      `<tr><td>${percent(threshold)}</td><td>${percent(answered)}</td><td>${percent(accuracy)}</td></tr>`,
  )
  const head = [words.unknownBelow, words.answered, words.right]
    .map(text => `<th scope="col">${escape(text)}</th>`)
    .join('')
  const hint = unknownBelow === null ? words.noThreshold : words.threshold(percent(unknownBelow))
  return `<p>${escape(hint)}</p><table><tr>${head}</tr>${rows.join('')}</table>`
}

function withInterval({ value, low, high }: Interval): string {
  return value === null ? '–' : `${percent(value)} <small>(${percent(low)} – ${percent(high)})</small>`
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
