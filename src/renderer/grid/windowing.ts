// Arithmetic of a grid of equal cells: which rows are on screen, where a cell lies, where a key leads. Pure; all
// lengths in CSS pixels. The element of 100,000 photos stays far below the browser's limit of about 33 million pixels,
// so scroll positions are used as they are.

export interface GridLayout {
  readonly columns: number
  readonly rows: number
  /** Edge of a square cell. */
  readonly cell: number
  /** From the top of one row to the top of the next. */
  readonly pitch: number
  readonly height: number
}

export interface RowRange {
  readonly first: number
  /** One past the last row. */
  readonly end: number
}

/** Cells of at least `size`, stretched so that a row fills `width`; `caption` is the height of text under each photo.
 */
export function layoutGrid(width: number, size: number, gap: number, total: number, caption = 0): GridLayout {
  const columns = Math.max(1, Math.floor((width + gap) / (size + gap)))
  const cell = Math.max(1, Math.floor((width - (columns - 1) * gap) / columns))
  const pitch = cell + caption + gap
  const rows = Math.ceil(total / columns)
  return { columns, rows, cell, pitch, height: Math.max(0, rows * pitch - gap) }
}

/** Rows to keep mounted: those on screen and `spare` more on each side. */
export function visibleRows(layout: GridLayout, scrollTop: number, viewHeight: number, spare: number): RowRange {
  const first = Math.floor(Math.max(0, scrollTop) / layout.pitch) - spare
  const end = Math.ceil((Math.max(0, scrollTop) + viewHeight) / layout.pitch) + spare
  return { first: Math.max(0, Math.min(first, layout.rows)), end: Math.max(0, Math.min(end, layout.rows)) }
}

/** The mounted rows: the range, and the row with the focus even where it has scrolled out, so that the focus is never
 *  lost. */
export function mountedRows(range: RowRange, focusedRow: number, rows: number): number[] {
  const list = Array.from({ length: Math.max(0, range.end - range.first) }, (_, i) => range.first + i)
  const outside = focusedRow >= 0 && focusedRow < rows && (focusedRow < range.first || focusedRow >= range.end)
  if (!outside) return list
  return focusedRow < range.first ? [focusedRow, ...list] : [...list, focusedRow]
}

/** The index a key leads to from `index`, or null where the key does not move. `pageRows` is how many whole rows fit on
 *  screen. */
export function moveIndex(index: number, key: string, columns: number, total: number, pageRows: number): number | null {
  if (total === 0) return null
  const clamp = (to: number) => Math.max(0, Math.min(total - 1, to))
  switch (key) {
    case 'ArrowLeft':
      return clamp(index - 1)
    case 'ArrowRight':
      return clamp(index + 1)
    case 'ArrowUp':
      return index - columns < 0 ? index : index - columns
    case 'ArrowDown':
      return downFrom(index, columns, total)
    case 'PageUp':
      return clampColumn(index, index - pageRows * columns, columns, total)
    case 'PageDown':
      return clampColumn(index, index + pageRows * columns, columns, total)
    case 'Home':
      return 0
    case 'End':
      return total - 1
    default:
      return null
  }
}

// From the last full row, down goes to the end of a shorter row below it, and stays where there is none.
function downFrom(index: number, columns: number, total: number): number {
  if (index + columns < total) return index + columns
  const lastRow = Math.floor((total - 1) / columns)
  return Math.floor(index / columns) < lastRow ? total - 1 : index
}

function clampColumn(from: number, to: number, columns: number, total: number): number {
  if (to < 0) return from % columns
  if (to < total) return to
  const last = Math.floor((total - 1) / columns) * columns + (from % columns)
  return last < total ? last : total - 1
}

/** The scroll position that shows `index` whole, nearest to the present one. */
export function scrollToShow(layout: GridLayout, index: number, scrollTop: number, viewHeight: number): number {
  const top = Math.floor(index / layout.columns) * layout.pitch
  const bottom = top + layout.pitch
  if (top < scrollTop) return top
  if (bottom > scrollTop + viewHeight) return bottom - viewHeight
  return scrollTop
}
