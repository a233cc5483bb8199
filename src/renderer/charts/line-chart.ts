// The one place that knows chart.js: two curves over epochs on fixed scales, drawn on a canvas, without animation and without tooltips in HTML.

import { CategoryScale, Chart, LinearScale, LineController, LineElement, PointElement, Tooltip } from 'chart.js'
import type { XY } from './series.ts'

export interface CurveColours {
  readonly train: string
  readonly validation: string
  readonly ink: string
  readonly line: string
}

export interface Curves {
  readonly train: readonly XY[]
  readonly validation: readonly XY[]
}

export interface LineChartOptions {
  readonly epochs: number
  /** Top of the scale, or null to hold the largest value seen. */
  readonly top: number | null
  readonly format: (value: number) => string
  readonly names: { readonly train: string; readonly validation: string; readonly epoch: string }
  readonly colours: CurveColours
}

export interface LineChart {
  draw(curves: Curves, options: LineChartOptions): void
  close(): void
}

/** Draws on `canvas` until closed. */
export function createLineChart(canvas: HTMLCanvasElement): LineChart {
  Chart.register(LineController, LineElement, PointElement, LinearScale, CategoryScale, Tooltip)
  const chart = new Chart(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false, parsing: false, normalized: true, responsive: true, maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
    },
  })
  return {
    draw(curves, options) {
      chart.data.datasets = [
        dataset(options.names.train, curves.train, options.colours.train),
        // Validation is dashed and its few points are marked, so the curves differ by more than colour.
        { ...dataset(options.names.validation, curves.validation, options.colours.validation), borderDash: [6, 3], pointRadius: curves.validation.length > 60 ? 0 : 3 },
      ]
      chart.options.scales = scalesOf(options)
      chart.options.plugins = {
        tooltip: { callbacks: { title: ([item]) => `${options.names.epoch} ${item?.parsed.x?.toFixed(1) ?? ''}`, label: item => `${item.dataset.label}: ${options.format(item.parsed.y ?? 0)}` } },
      }
      chart.update('none')
    },
    close: () => chart.destroy(),
  }
}

function dataset(label: string, data: readonly XY[], colour: string) {
  return { label, data: data as XY[], borderColor: colour, backgroundColor: colour, borderWidth: 2, pointRadius: 0, pointHitRadius: 8, tension: 0, clip: 6 }
}

function scalesOf({ epochs, top, format, colours }: LineChartOptions) {
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12 }
  const ticks = { color: colours.ink, font, maxTicksLimit: 6 }
  return {
    x: { type: 'linear' as const, min: 0, max: Math.max(1, epochs), grid: { display: false }, border: { color: colours.line }, ticks: { ...ticks, precision: 0 } },
    y: {
      type: 'linear' as const, min: 0, ...(top === null ? {} : { max: top }), grid: { color: colours.line }, border: { display: false },
      // The same width in both charts, so that their epochs stand under each other.
      afterFit: (scale: { width: number }) => { scale.width = 52 },
      ticks: { ...ticks, callback: (value: string | number) => format(Number(value)) },
    },
  }
}
