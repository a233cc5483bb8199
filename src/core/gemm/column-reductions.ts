// The two epilogues that add up columns: the statistics of batch norm over the results of a convolution, and the sums
// that batch norm's gradient needs over the results of an input gradient. Each invocation adds up its own rows; then
// the sums of a column are added in a fixed order.

import type { NormDims } from '../kernels/normalisation/batch-norm.ts'
import type { EpiloguePlace } from './epilogue.ts'

/** Mean and sum of squared deviations, around an invocation's own first value so that large means lose nothing. */
export function momentsReduction(_: unknown, { m, n }: EpiloguePlace): readonly string[] {
  return [
    `
struct ColumnPart { pivot: vec4f, sum: vec4f, squares: vec4f, count: f32 }
fn column_add(before: ColumnPart, m: u32, n: u32, value: vec4f) -> ColumnPart {
  if (m >= ${m}u) { return before; }
  var part = before;
  if (part.count == 0.0) { part.pivot = value; }
  let away = value - part.pivot;
  part.sum += away;
  part.squares = fma(away, away, part.squares);
  part.count += 1.0;
  return part;
}
fn column_end(part: ColumnPart, split: u32, n: u32, me: u32, writes: bool) {
  let rows = max(part.count, 1.0);
  let own_mean = part.pivot + part.sum / rows;
  let count = column_total(vec4f(part.count), me);
  let mean = column_total(own_mean * part.count, me) / count;
  let away = own_mean - mean;
  let squares = column_total(part.squares - part.sum * part.sum / rows + away * away * part.count, me);
  if (writes && n < ${n / 4}u) {
    moments_partial[split * ${n / 2}u + n] = mean;
    moments_partial[split * ${n / 2}u + ${n / 4}u + n] = squares;
  }
}`.trim(),
  ]
}

/** Sums of the gradient and of the gradient times the normalised value; of a pooled norm the value that won its window.
 */
export function gradientReduction(own: NormDims, { m, n }: EpiloguePlace): readonly string[] {
  return [
    `
struct ColumnPart { beta: vec4f, gamma: vec4f }
fn value_of(m: u32, n: u32) -> vec4f {
${(own.POOL === 1 ? winnerLines(own, n) : [`return sums_x[m * ${n / 4}u + n];`]).map(line => `  ${line}`).join('\n')}
}
fn column_add(before: ColumnPart, m: u32, n: u32, value: vec4f) -> ColumnPart {
  if (m >= ${m}u || n >= ${n / 4}u) { return before; }
  let normal = (value_of(m, n) - sums_statistics[n]) * sums_statistics[${n / 4}u + n];
  return ColumnPart(before.beta + value, fma(value, normal, before.gamma));
}
fn column_end(part: ColumnPart, split: u32, n: u32, me: u32, writes: bool) {
  let beta = column_total(part.beta, me);
  let gamma = column_total(part.gamma, me);
  if (writes && n < ${n / 4}u) {
    sums_sums[split * ${n / 2}u + n] = beta;
    sums_sums[split * ${n / 2}u + ${n / 4}u + n] = gamma;
  }
}`.trim(),
  ]
}

/** The window is the largest normalised value: the largest x where gamma is not negative, else the smallest. */
function winnerLines({ H, W }: NormDims, n: number): string[] {
  const [rows, columns] = [Math.floor(H / 2), Math.floor(W / 2)]
  return [
    `let corner = ((m / ${rows * columns}u * ${H}u + m / ${columns}u % ${rows}u * 2u) * ${W}u + m % ${columns}u * 2u) * ${n / 4}u + n;`,
    'let sign = select(vec4f(-1.0), vec4f(1.0), sums_gamma[n] >= vec4f());',
    'var best = sums_x[corner] * sign;',
    ...[1, W, W + 1].map(pixel => `best = max(best, sums_x[corner + ${(pixel * n) / 4}u] * sign);`),
    'return best * sign;',
  ]
}
