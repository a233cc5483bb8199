// What every view and dialog must hold at any size of the window, judged in the page itself: pictures that are shown
// whole are whole, buttons can be reached and are not covered, texts are not cut off, and nothing lies beside the window.

import type { Page } from 'playwright-core'

/** What is wrong with what is on screen, one line a finding. */
export async function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const [width, height] = [innerWidth, innerHeight]
    const faults: string[] = []
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} "${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40)}"`
    const styleOf = (element: Element) => getComputedStyle(element)
    const isShown = (element: Element) =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.getClientRects().length > 0 &&
      !element.closest('.hidden-visually, [aria-hidden="true"], .skip-link')
    const parentsOf = (element: Element) => {
      const parents: Element[] = []
      for (let parent = element.parentElement; parent; parent = parent.parentElement) parents.push(parent)
      return parents
    }
    const scrolls = (element: Element) => {
      const { overflowX, overflowY } = styleOf(element)
      return {
        x: /auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth,
        y: /auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight,
      }
    }
    /** How far it lies outside of what clips it and cannot be scrolled; 0 where it can be seen whole. */
    const cutBy = (element: Element) => {
      const box = element.getBoundingClientRect()
      let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom]
      let most = 0
      for (const parent of [...parentsOf(element), null]) {
        const clip = parent ? parent.getBoundingClientRect() : { left: 0, top: 0, right: width, bottom: height }
        const { overflowX, overflowY } = parent ? styleOf(parent) : { overflowX: 'hidden', overflowY: 'hidden' }
        const roll = parent ? scrolls(parent) : { x: false, y: false }
        if (overflowX !== 'visible' && !roll.x) most = Math.max(most, clip.left - left, right - clip.right)
        if (overflowY !== 'visible' && !roll.y) most = Math.max(most, clip.top - top, bottom - clip.bottom)
        // What can be scrolled into view stands where its frame is.
        if (roll.x) [left, right] = [Math.max(left, clip.left), Math.min(Math.max(right, clip.left), clip.right)]
        if (roll.y) [top, bottom] = [Math.max(top, clip.top), Math.min(Math.max(bottom, clip.top), clip.bottom)]
        if (parent && styleOf(parent).position === 'fixed') {
          most = Math.max(most, -left, -top, right - width, bottom - height)
          break
        }
      }
      return most
    }

    const modal = document.querySelector('[role=dialog], [role=alertdialog], .popover')
    const root: ParentNode = modal ?? document
    const all = [...root.querySelectorAll('*')].filter(isShown)

    for (const picture of all.filter(element => element.matches('img, canvas, video'))) {
      if (['cover', 'none'].includes(styleOf(picture).objectFit)) continue
      if (cutBy(picture) > 1) faults.push(`clipped picture: ${nameOf(picture)} in ${nameOf(picture.parentElement!)}`)
    }

    const controls = 'button, a[href], input, select, textarea, summary, [role=gridcell], [role=option]'
    for (const control of all.filter(element => element.matches(controls))) {
      // Rows of a list that is drawn as it comes into view lie beyond its edge.
      if (control.matches('[role=gridcell]') || (control as HTMLButtonElement).disabled) continue
      const out = cutBy(control)
      if (out > 2) faults.push(`out of reach by ${Math.round(out)} px: ${nameOf(control)}`)
      const { left, right, top, bottom } = control.getBoundingClientRect()
      const [x, y] = [(left + right) / 2, (top + bottom) / 2]
      if (x < 0 || y < 0 || x >= width || y >= height || out > 2) continue
      const inFrames = parentsOf(control).every(parent => {
        const box = parent.getBoundingClientRect()
        return (
          styleOf(parent).overflow === 'visible' || (x > box.left && x < box.right && y > box.top && y < box.bottom)
        )
      })
      const hit = document.elementFromPoint(x, y)
      const label = control.closest('label')
      if (inFrames && hit && !control.contains(hit) && !hit.contains(control) && !label?.contains(hit))
        faults.push(`covered: ${nameOf(control)} by ${nameOf(hit)}`)
    }
    // What a dialog asks is answered without scrolling.
    for (const action of modal?.querySelectorAll('.actions .button') ?? []) {
      const { top, bottom } = action.getBoundingClientRect()
      const frame = modal!.getBoundingClientRect()
      if (top < Math.max(0, frame.top) || bottom > Math.min(height, frame.bottom))
        faults.push(`below the fold: ${nameOf(action)}`)
    }

    for (const element of all) {
      const text = [...element.childNodes].some(
        node => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '',
      )
      if (!text || element.matches('option, select, title, text')) continue
      const { overflowX, overflowY } = styleOf(element)
      const cutAcross =
        overflowX !== 'visible' && !/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1
      const cutDown =
        overflowY !== 'visible' && !/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 2
      // A name that is too long is told whole by its title.
      if ((cutAcross || cutDown) && !element.closest('[title]')) faults.push(`text cut off: ${nameOf(element)}`)
      const range = document.createRange()
      range.selectNodeContents(element)
      const { left, right } = range.getBoundingClientRect()
      const roll = [element, ...parentsOf(element)].some(
        parent => scrolls(parent).x || styleOf(parent).overflowX === 'hidden',
      )
      if (!roll && (right > width + 1 || left < -1)) faults.push(`beside the window: ${nameOf(element)}`)
    }
    if (document.documentElement.scrollWidth > width) faults.push('the page is wider than the window')
    return [...new Set(faults)]
  })
}
