// Numbers and times as people read them, in both languages.

import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatDate,
  formatDuration,
  formatElapsed,
  formatEstimate,
  formatPercent,
  formatSmall,
  interval,
} from '../../../src/renderer/i18n/format.ts'

describe('formats', () => {
  it('make times coarse, so that they do not flicker', () => {
    expect([3.2, 41, 58, 95, 3600, 7900].map(seconds => formatDuration('en', seconds))).toEqual([
      '3 s',
      '40 s',
      '60 s',
      '2 min',
      '1 h',
      '2 h 12 min',
    ])
    expect(formatDuration('ko', 7900)).toBe('2시간 12분')
  })
  it('tell what was measured exactly', () => {
    expect([formatElapsed('en', 8.44), formatElapsed('en', 72.9)]).toEqual(['8.4 s', '1 min 12 s'])
  })
  it('keep a number and its percent sign on one line', () => {
    expect(formatPercent('en', 0.8123)).toBe('81.2\u00a0%')
  })
  it('give sizes in powers of ten', () => {
    expect([999, 61_400, 2_400_000, 3.5e9].map(bytes => formatBytes('en', bytes))).toEqual([
      '999 B',
      '61 kB',
      '2.4 MB',
      '3.50 GB',
    ])
  })
  it('tell the time by 24 hours, and the year where it is another', () => {
    const now = new Date(2026, 10, 26)
    const [today, earlier] = [new Date(2026, 10, 26, 0, 7), new Date(2024, 1, 3, 16, 5)].map(date => date.toISOString())
    expect([formatDate('en', today!, now), formatDate('en', earlier!, now)]).toEqual([
      'Nov 26, 00:07',
      'Feb 3, 2024, 16:05',
    ])
    expect([formatDate('ko', today!, now), formatDate('ko', earlier!, now)]).toEqual([
      '11월 26일 00:07',
      '2024년 2월 3일 16:05',
    ])
  })
  it('show small differences in their own magnitude', () => {
    expect([formatSmall('en', 8.2e-7), formatSmall('en', 0.52), formatSmall('en', 0)]).toEqual([
      '8.2e-7',
      '0.520',
      '0.000',
    ])
  })
  it("give Wilson's interval, and never claim more than everything", () => {
    // 81 of 100: 0.7222 to 0.8749 (Wilson score, 95 %).
    expect(interval(0.81, 100).low).toBeCloseTo(0.7222, 3)
    expect(interval(0.81, 100).high).toBeCloseTo(0.8749, 3)
    expect(formatEstimate('en', 0.81, 100)).toBe('81.0\u00a0% ± 7.6')
    expect(formatEstimate('en', 1, 9)).toBe('100.0\u00a0% (70–100)')
    expect(interval(0.5, 0)).toEqual({ low: 0, high: 1 })
  })
})
