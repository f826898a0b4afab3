/**
 * hints shows at once what the parts of a drawing say of themselves, where a browser shows
 * it late and a finger never. The drawings stay as they are: their gaps and blocks say what
 * is not known, which no chart of a library draws as well.
 */
export function hints(): void {
  const box = document.createElement('div')
  box.className = 'hint'
  box.hidden = true
  box.setAttribute('aria-hidden', 'true') // a reader is told by the titles themselves
  document.body.append(box)
  let shown: Element | undefined

  const hide = () => {
    if (shown) {
      const title = document.createElementNS('http://www.w3.org/2000/svg', 'title')
      title.textContent = box.textContent
      shown.prepend(title)
    }
    shown = undefined
    box.hidden = true
  }
  const at = (x: number, y: number) => {
    const { width, height } = box.getBoundingClientRect()
    box.style.left = `${Math.max(4, Math.min(x + 12, innerWidth - width - 4))}px`
    box.style.top = `${y - height - 10 > 0 ? y - height - 10 : y + 16}px`
  }
  const show = (event: PointerEvent) => {
    const part = event.target instanceof Element ? event.target.closest('figure svg :has(> title)') : null
    if (part !== shown) {
      hide()
      const title = part?.querySelector(':scope > title')
      if (!part || !title?.textContent) return
      box.textContent = title.textContent
      title.remove() // else the browser shows it a second time
      shown = part
      box.hidden = false
    }
    if (shown) at(event.clientX, event.clientY)
  }
  for (const figure of document.querySelectorAll<HTMLElement>('figure:has(svg title)')) {
    figure.addEventListener('pointermove', show)
    figure.addEventListener('pointerdown', show)
    figure.addEventListener('pointerleave', hide)
  }
  addEventListener('scroll', hide, { passive: true })
}
