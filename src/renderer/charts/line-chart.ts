// The one place that knows chart.js: curves over epochs on scales that hold, drawn on a canvas, without animation and
// without tooltips in HTML. Dragging over the curves picks a range of epochs.

import { CategoryScale, Chart, LinearScale, LineController, LineElement, PointElement, Tooltip } from 'chart.js'
import type { XY } from './series.ts'

export interface ChartCurve {
  readonly name: string
  readonly points: readonly XY[]
  readonly colour: string
  /** Curves that stand together differ by more than colour. */
  readonly dashed: boolean
  readonly marked: boolean
  /** Thin and pale, behind the others: what a smoothed curve was made of. */
  readonly faint?: boolean
}

/** Epochs from .. to. */
export interface Range {
  readonly from: number
  readonly to: number
}

export interface LineChartOptions {
  readonly x: Range
  /** Bottom and top of the scale; a null top holds the largest value seen. */
  readonly y: { readonly from: number; readonly to: number | null }
  readonly format: (value: number) => string
  readonly epoch: string
  readonly colours: { readonly ink: string; readonly line: string; readonly accent: string }
}

export interface LineChart {
  draw(curves: readonly ChartCurve[], options: LineChartOptions): void
  close(): void
}

/** Draws on `canvas` until closed; `onPick` hears the range that was dragged over, in epochs. */
export function createLineChart(canvas: HTMLCanvasElement, onPick: (range: Range) => void): LineChart {
  Chart.register(LineController, LineElement, PointElement, LinearScale, CategoryScale, Tooltip)
  const selection = { from: null as number | null, to: 0, colour: '' }
  const chart = new Chart(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
    },
    plugins: [{ id: 'selection', afterDatasetsDraw: drawn => drawSelection(drawn as Chart, selection) }],
  })
  const stop = listenForDrags(canvas, chart as Chart, selection, onPick)
  // A lost GPU takes what was drawn with it.
  canvas.addEventListener('contextrestored', () => chart.draw())
  return {
    draw(curves, options) {
      selection.colour = options.colours.accent
      chart.data.datasets = curves.map(dataset)
      chart.options.scales = scalesOf(options)
      chart.options.plugins = {
        tooltip: {
          filter: item => !(item.dataset as { faint?: boolean }).faint,
          callbacks: {
            title: ([item]) => `${options.epoch} ${item?.parsed.x?.toFixed(1) ?? ''}`,
            label: item => `${item.dataset.label}: ${options.format(item.parsed.y ?? 0)}`,
          },
        },
      }
      chart.update('none')
    },
    close() {
      stop()
      chart.destroy()
    },
  }
}

interface ChartSelection {
  from: number | null
  to: number
  colour: string
}

/** Pixels that a pointer moves before it is a drag and not a click. */
const leastDrag = 6

function listenForDrags(
  canvas: HTMLCanvasElement,
  chart: Chart,
  selection: ChartSelection,
  onPick: (range: Range) => void,
): () => void {
  const inside = (event: PointerEvent) => Math.min(chart.chartArea.right, Math.max(chart.chartArea.left, event.offsetX))
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return
    canvas.setPointerCapture(event.pointerId)
    selection.from = selection.to = inside(event)
  }
  const move = (event: PointerEvent) => {
    if (selection.from === null) return
    selection.to = inside(event)
    chart.draw()
  }
  const up = () => {
    const { from, to } = selection
    selection.from = null
    if (from === null) return
    const epochAt = (pixel: number) => chart.scales.x!.getValueForPixel(pixel) ?? 0
    if (Math.abs(to - from) >= leastDrag) onPick({ from: epochAt(Math.min(from, to)), to: epochAt(Math.max(from, to)) })
    else chart.draw()
  }
  canvas.addEventListener('pointerdown', down)
  canvas.addEventListener('pointermove', move)
  canvas.addEventListener('pointerup', up)
  canvas.addEventListener('pointercancel', up)
  return () => {
    canvas.removeEventListener('pointerdown', down)
    canvas.removeEventListener('pointermove', move)
    canvas.removeEventListener('pointerup', up)
    canvas.removeEventListener('pointercancel', up)
  }
}

function drawSelection({ ctx, chartArea: { top, bottom } }: Chart, { from, to, colour }: ChartSelection): void {
  if (from === null) return
  ctx.save()
  ctx.globalAlpha = 0.18
  ctx.fillStyle = colour
  ctx.fillRect(Math.min(from, to), top, Math.abs(to - from), bottom - top)
  ctx.restore()
}

/** Of the colours, which are six hexadecimal digits: three tenths. */
const PALE = '4d'

function dataset({ name, points, colour, dashed, marked, faint = false }: ChartCurve) {
  return {
    label: name,
    faint,
    order: faint ? 1 : 0,
    data: points as XY[],
    borderColor: faint ? `${colour}${PALE}` : colour,
    backgroundColor: colour,
    borderWidth: faint ? 1 : 2,
    pointHitRadius: faint ? 0 : 8,
    tension: 0,
    clip: 6,
    pointRadius: marked && points.length <= 60 ? 3 : 0,
    ...(dashed && { borderDash: [6, 3] }),
  }
}

function scalesOf({ x, y, format, colours }: LineChartOptions) {
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12 }
  const ticks = { color: colours.ink, font, maxTicksLimit: 6 }
  return {
    x: {
      type: 'linear' as const,
      min: x.from,
      max: x.to,
      grid: { display: false },
      border: { color: colours.line },
      ticks: { ...ticks, ...(x.to - x.from >= 3 && { precision: 0 }) },
    },
    y: {
      type: 'linear' as const,
      min: y.from,
      ...(y.to === null ? {} : { max: y.to }),
      grid: { color: colours.line },
      border: { display: false },
      // The same width in all charts, so that their epochs stand under each other.
      afterFit: (scale: { width: number }) => {
        scale.width = 56
      },
      ticks: { ...ticks, callback: (value: string | number) => format(Number(value)) },
    },
  }
}
