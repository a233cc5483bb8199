// A label check in words and columns, for terminals: the flagged rows in order, what every filter counts, and the
// calibrated joint.

import { filterNames } from './label-filters.ts'
import type { LabelCheck } from './label-issues.ts'

/** A name as the terminal spells all its choices: small, with hyphens; JSON keeps the field's own. */
export function spelled(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}

/** The lines of the report. `name` says what a class is called; default: its number. */
export function labelCheckLines(report: LabelCheck, name: (label: number) => string = String): string[] {
  const { rows, classes, suspects, filter, score, issues, calibratedIssues } = report
  return [
    `${rows} rows, ${classes} classes. About ${classes < 4 ? calibratedIssues : issues} labels look wrong (counted ${issues}, calibrated ${calibratedIssues}).`,
    '',
    `Flagged by ${spelled(filter)}, most suspicious first (${score}):`,
    ...table([
      ['row', 'label', 'proposed', 'p(label)', 'p(proposed)', 'score'],
      ...suspects.map(suspect => [
        String(suspect.row),
        name(suspect.given),
        name(suspect.proposed),
        suspect.givenProbability.toFixed(4),
        suspect.proposedProbability.toFixed(4),
        suspect.score.toFixed(4),
      ]),
    ]),
    '',
    'Flagged by filter:',
    ...table(filterNames.map(own => [spelled(own), String(report.counts[own])])),
    '',
    'Calibrated joint (rows: label, columns: what it confidently is):',
    ...table([
      ['', ...report.calibratedJoint.map((_, k) => name(k))],
      ...report.calibratedJoint.map((row, k) => [name(k), ...row.map(String)]),
    ]),
  ]
}

/** Columns padded to their widest cell; the first to the left, the others to the right. */
function table(cells: readonly (readonly string[])[]): string[] {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map(row => row[column]!.length)))
  return cells.map(row =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}
