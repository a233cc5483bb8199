// The grid's arithmetic: every photo has one place, what is on screen is mounted, and keys lead where the eye expects.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutGrid, mountedRows, moveIndex, scrollToShow, visibleRows } from '../../../src/renderer/grid/windowing.ts'

const sizes = fc.record({
  width: fc.integer({ min: 60, max: 4000 }),
  size: fc.integer({ min: 40, max: 400 }),
  total: fc.integer({ min: 0, max: 200_000 }),
})

describe('layoutGrid', () => {
  it('fills the width without overflowing it', () => {
    fc.assert(
      fc.property(sizes, ({ width, size, total }) => {
        const { columns, cell, rows } = layoutGrid(width, size, 8, total)
        expect(columns * cell + (columns - 1) * 8).toBeLessThanOrEqual(Math.max(width, cell))
        expect(rows * columns).toBeGreaterThanOrEqual(total)
        expect((rows - 1) * columns).toBeLessThan(Math.max(total, 1))
        if (width >= size) expect(cell).toBeGreaterThanOrEqual(size - 1)
      }),
    )
  })

  it('lays 100,000 photos out far below the height a browser can hold', () => {
    expect(layoutGrid(880, 120, 8, 100_000).height).toBeLessThan(33_000_000 / 10)
  })

  it('has no height without photos', () => {
    expect(layoutGrid(880, 120, 8, 0)).toMatchObject({ rows: 0, height: 0 })
  })
})

describe('visibleRows', () => {
  it('mounts every row that shows, and no more than the spare ones besides', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 0, max: 3_000_000 }),
        fc.integer({ min: 0, max: 2000 }),
        ({ width, size, total }, scroll, view) => {
          const layout = layoutGrid(width, size, 8, total)
          const top = Math.min(scroll, Math.max(0, layout.height - view))
          const { first, end } = visibleRows(layout, top, view, 2)
          for (let row = 0; row < Math.min(layout.rows, 400); row++) {
            const shows = row * layout.pitch < top + view && row * layout.pitch + layout.cell > top
            if (shows) expect(row >= first && row < end).toBe(true)
          }
          expect(end - first).toBeLessThanOrEqual(Math.ceil(view / layout.pitch) + 6)
          expect(end).toBeLessThanOrEqual(layout.rows)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('keeps the row with the focus mounted when it has scrolled out', () => {
    expect(mountedRows({ first: 10, end: 13 }, 2, 100)).toEqual([2, 10, 11, 12])
    expect(mountedRows({ first: 10, end: 13 }, 50, 100)).toEqual([10, 11, 12, 50])
    expect(mountedRows({ first: 10, end: 13 }, 11, 100)).toEqual([10, 11, 12])
    expect(mountedRows({ first: 10, end: 13 }, -1, 100)).toEqual([10, 11, 12])
  })
})

describe('moveIndex', () => {
  const move = (from: number, key: string, total = 10) => moveIndex(from, key, 4, total, 2)

  it('moves by one and by rows', () => {
    expect([move(5, 'ArrowLeft'), move(5, 'ArrowRight'), move(5, 'ArrowUp'), move(5, 'ArrowDown')]).toEqual([
      4, 6, 1, 9,
    ])
  })
  it('stays at the edges', () => {
    expect([move(0, 'ArrowLeft'), move(9, 'ArrowRight'), move(2, 'ArrowUp'), move(9, 'ArrowDown')]).toEqual([
      0, 9, 2, 9,
    ])
  })
  it('goes down into a shorter last row, to its end', () => {
    expect(move(7, 'ArrowDown')).toBe(9)
  })
  it('knows pages and ends', () => {
    expect([move(9, 'PageUp'), move(1, 'PageDown'), move(3, 'PageDown'), move(5, 'Home'), move(5, 'End')]).toEqual([
      1, 9, 9, 0, 9,
    ])
  })
  it('leaves other keys, and an empty grid, alone', () => {
    expect(move(5, 'KeyA')).toBeNull()
    expect(move(0, 'ArrowDown', 0)).toBeNull()
  })
  it('never leaves the grid', () => {
    const keys = fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End')
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        keys,
        (total, columns, from, key) => {
          const to = moveIndex(from % total, key, columns, total, 3)!
          expect(to >= 0 && to < total).toBe(true)
        },
      ),
    )
  })
})

describe('scrollToShow', () => {
  it('scrolls as little as shows the photo whole', () => {
    const layout = layoutGrid(400, 92, 8, 400)
    expect(scrollToShow(layout, 0, 500, 300)).toBe(0)
    expect(scrollToShow(layout, 4 * 10, 0, 300)).toBe(10 * layout.pitch + layout.pitch - 300)
    expect(scrollToShow(layout, 4 * 10, 950, 300)).toBe(950)
  })
})
