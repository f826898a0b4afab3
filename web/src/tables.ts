import { t } from './words'

/** What a cell is sorted by: its exact number where it has one, else its text; null is not known. */
export type Key = number | string | null

/** compare orders keys; what is not known comes last, whichever the direction. */
export function compare(a: Key, b: Key, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  const order =
    typeof a === 'number' && typeof b === 'number' ? a - b : typeof a === typeof b ? String(a).localeCompare(String(b), document.documentElement.lang) : typeof a === 'number' ? -1 : 1
  return descending ? -order : order
}

/** keyOf reads a cell. */
export function keyOf(cell: HTMLElement | undefined): Key {
  if (!cell) return null
  const value = cell.dataset['value']
  if (value !== undefined && value !== '') return Number(value)
  const text = (cell.textContent ?? '').trim()
  return text === '' || cell.querySelector('abbr.na') ? null : text
}

/** leaves are the header cells that stand over one column each, by column. */
function leaves(table: HTMLTableElement): HTMLTableCellElement[] {
  const head = table.tHead
  if (!head) return []
  const columns: HTMLTableCellElement[] = []
  const taken: boolean[][] = []
  for (const [r, row] of [...head.rows].entries()) {
    let c = 0
    for (const cell of row.cells) {
      while (taken[r]?.[c]) c++
      for (let i = 0; i < cell.rowSpan; i++) for (let j = 0; j < cell.colSpan; j++) (taken[r + i] ??= [])[c + j] = true
      if (cell.colSpan === 1 && r + cell.rowSpan === head.rows.length) columns[c] = cell
      c += cell.colSpan
    }
  }
  return columns
}

/** sortable gives a table's headers buttons that sort, and a box that filters its rows. */
export function sortable(table: HTMLTableElement): void {
  const body = table.tBodies[0]
  if (!body) return
  const original = [...body.rows]
  const rows = original.filter((r) => !r.classList.contains('heading'))
  if (rows.length < 2) return
  const headers = leaves(table)
  let by = -1
  let descending = false
  let words: string[] = []

  const arrange = () => {
    const order = by < 0 ? original : [...rows].sort((a, b) => compare(keyOf(a.cells[by]), keyOf(b.cells[by]), descending))
    body.append(...order)
    let shown = 0
    for (const row of rows) {
      const text = (row.textContent ?? '').toLowerCase()
      row.hidden = !words.every((w) => text.includes(w))
      if (!row.hidden) shown++
    }
    // Headings part the rows in their own order, and only where some of theirs are seen.
    for (const [i, row] of original.entries()) {
      if (!row.classList.contains('heading')) continue
      const rest = original.slice(i + 1)
      const end = rest.findIndex((r) => r.classList.contains('heading'))
      row.hidden = by >= 0 || !rest.slice(0, end < 0 ? undefined : end).some((r) => !r.hidden)
    }
    return shown
  }

  for (const [column, header] of headers.entries()) {
    if (!header || header.classList.contains('spark')) continue
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'sort'
    button.title = t('sort')
    button.append(...header.childNodes)
    header.append(button)
    button.addEventListener('click', () => {
      // Numbers are mostly looked through from the largest; a third click undoes.
      const first = header.classList.contains('num')
      if (by !== column) [by, descending] = [column, first]
      else if (descending === first) descending = !first
      else by = -1
      for (const [i, h] of headers.entries()) {
        if (by === i) h?.setAttribute('aria-sort', descending ? 'descending' : 'ascending')
        else h?.removeAttribute('aria-sort')
      }
      arrange()
    })
  }

  if (rows.length < 8) return
  const box = document.createElement('p')
  box.className = 'filter'
  const label = document.createElement('label')
  const input = document.createElement('input')
  const count = document.createElement('span')
  input.type = 'search'
  input.placeholder = t('filterHint')
  label.append(t('filter') + ' ', input)
  count.className = 'small'
  count.setAttribute('role', 'status')
  box.append(label, ' ', count)
  input.addEventListener('input', () => {
    words = input.value.toLowerCase().split(/\s+/).filter(Boolean)
    const shown = arrange()
    count.textContent = words.length ? t('shown', shown, rows.length) : ''
  })
  ;(table.closest('.scroll') ?? table).before(box)
}
