import type { Answer, Value } from './engine'
import { number, t } from './words'

/** toCSV writes RFC 4180 with LF ends; an unknown value is an empty field, an empty text is "". */
export function toCSV(names: string[], rows: Value[][]): string {
  const field = (v: Value) => {
    if (v === null) return ''
    const text = typeof v === 'object' ? JSON.stringify(v) : String(v)
    return text === '' || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [names, ...rows].map((row) => row.map(field).join(',') + '\n').join('')
}

/** isNumeric says whether a column of DuckDB's or Arrow's type holds numbers. */
export function isNumeric(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)|Int\d+|Uint\d+|Float\d+|Decimal\[.*\])$/.test(type)
}

/** table shows a result. */
export function table(answer: Answer): HTMLElement {
  const scroll = document.createElement('section')
  scroll.className = 'scroll answer'
  scroll.tabIndex = 0
  scroll.setAttribute('aria-label', t('result'))
  const table = document.createElement('table')
  const head = table.createTHead().insertRow()
  for (const c of answer.columns) {
    const th = document.createElement('th')
    th.scope = 'col'
    th.textContent = c.name
    th.title = c.type
    if (isNumeric(c.type)) th.className = 'num'
    head.append(th)
  }
  const body = table.createTBody()
  for (const row of answer.rows) {
    const tr = body.insertRow()
    for (const [i, v] of row.entries()) {
      const td = tr.insertCell()
      if (isNumeric(answer.columns[i]?.type ?? '')) td.className = 'num'
      if (v === null) {
        const na = document.createElement('abbr')
        na.className = 'na'
        na.title = 'NULL'
        na.textContent = '—'
        td.append(na)
      } else td.textContent = typeof v === 'object' ? JSON.stringify(v) : String(v)
    }
  }
  scroll.append(table)
  return scroll
}

/** says tells how large a result is. */
export function says(answer: Answer): string {
  return t(answer.truncated ? 'rowsCut' : 'rows', number(answer.rows.length, 0), number(answer.elapsed_ms, 0))
}

/** save hands a file to the browser. */
export function save(file: Blob, name: string): void {
  const a = document.createElement('a')
  a.href = URL.createObjectURL(file)
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000)
}
