import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { PostgreSQL, sql } from '@codemirror/lang-sql'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { Answer, Engine } from './engine'
import { linkTo, queryOf } from './link'
import { isNumeric, save, says, table } from './results'
import { server } from './server'
import { number, t } from './words'

/** schemaOf reads the tables and columns that the page lists. */
function schemaOf(): Record<string, string[]> {
  const schema: Record<string, string[]> = {}
  for (const relation of document.querySelectorAll('#schema details.relation')) {
    const name = relation.querySelector('summary code')?.textContent ?? ''
    schema[name] = [...relation.querySelectorAll('tbody th code')].map((c) => c.textContent ?? '')
  }
  return schema
}

/** theme takes the page's colours; it lives in a shadow root, where the page's policy lets it. */
const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: '.9rem' },
  '.cm-content': { fontFamily: 'var(--mono)', minHeight: '9rem', caretColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--soft)', border: 'none' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused': { outline: '3px solid var(--focus)' },
  '.cm-tooltip': { backgroundColor: 'var(--sheet)', color: 'var(--ink)', border: '1px solid var(--line)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--sheet)' },
})

/** tones are the page's own, which read well in both schemes. */
const tones = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--link)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--started)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--commissioned)' },
  { tag: tags.comment, color: 'var(--soft)' },
])

/** engineOf finds who answers: the server that the page names, else DuckDB in the page. */
async function engineOf(): Promise<Engine> {
  const api = document.querySelector<HTMLMetaElement>('meta[name="sanpi-api"]')?.content
  if (api) return server(api)
  const { wasm } = await import('./wasm')
  // This chunk lies in assets/chunks/, the engine in assets/duckdb/.
  const assets = new URL(/* @vite-ignore */ '../', import.meta.url)
  return wasm(assets.href, new URL('../data/sanpi.duckdb', location.href).href)
}

function button(text: string, kind = ''): HTMLButtonElement {
  const b = document.createElement('button')
  b.type = 'button'
  b.textContent = text
  b.className = kind
  return b
}

/** openEditor makes the page's SQL console. */
export async function openEditor(): Promise<void> {
  const main = document.querySelector('main')
  document.getElementById('ask')?.remove() // the form for pages without a script
  const first = main?.querySelector('section.part')
  const examples = [...document.querySelectorAll<HTMLElement>('figure.example')]
  if (!main || !first || examples.length === 0) return

  const console_ = document.createElement('section')
  console_.className = 'part console'
  console_.id = 'console'
  const heading = document.createElement('h2')
  heading.id = 'console-h'
  heading.textContent = t('statement')
  console_.setAttribute('aria-labelledby', heading.id)
  const edit = document.createElement('div')
  edit.className = 'edit'
  const shadow = edit.attachShadow({ mode: 'open' })
  const bar = document.createElement('div')
  bar.className = 'tools'
  const run = button(t('run'), 'run')
  run.title = t('runKeys')
  const stop = button(t('cancel'))
  stop.disabled = true
  const asCSV = button(t('csv'))
  const asParquet = button(t('parquet'))
  const link = button(t('link'))
  const asTable = button(t('table'))
  const asChart = button(t('chart'))
  const status = document.createElement('p')
  status.className = 'small'
  status.setAttribute('role', 'status')
  const note = document.createElement('p')
  note.className = 'small'
  const out = document.createElement('div')
  bar.append(run, stop, link)
  const forResult = document.createElement('div')
  forResult.className = 'tools'
  forResult.hidden = true
  forResult.append(asTable, asChart, asCSV, asParquet)
  console_.append(heading, edit, bar, status, forResult, out, note)
  const desk = document.createElement('div')
  desk.append(console_)
  first.before(desk)
  beside(desk)

  let engine: Engine | undefined
  let answer: Answer | undefined
  let asked = ''
  let working: AbortController | undefined
  let chart: { dispose(): void } | undefined

  const show = async (how: 'table' | 'chart') => {
    if (!answer) return
    asTable.setAttribute('aria-pressed', String(how === 'table'))
    asChart.setAttribute('aria-pressed', String(how === 'chart'))
    chart?.dispose()
    chart = undefined
    if (how === 'table') out.replaceChildren(table(answer))
    else chart = await plot(answer, out)
  }
  const alarm = (err: unknown) => {
    const p = document.createElement('p')
    p.className = 'notice'
    p.setAttribute('role', 'alert')
    const strong = document.createElement('strong')
    strong.textContent = t('failed') + ' '
    const pre = document.createElement('span')
    pre.lang = 'en'
    pre.textContent = err instanceof Error ? err.message : String(err)
    p.append(strong, pre)
    out.replaceChildren(p)
  }

  const remember = (query: string) => window.history.replaceState(null, '', linkTo(query, location.href))
  const text = () => view.state.doc.toString()
  const go = async () => {
    if (working || text().trim() === '') return
    working = new AbortController()
    run.disabled = true
    stop.disabled = false
    forResult.hidden = true
    asked = text()
    remember(asked)
    try {
      if (!engine) {
        status.textContent = t('loading')
        try {
          engine = await engineOf()
          note.textContent = engine.note
        } catch (err) {
          throw new Error(t('unavailable', err instanceof Error ? err.message : String(err)))
        }
      }
      status.textContent = t('running')
      answer = await engine.ask(asked, working.signal)
      status.textContent = says(answer)
      forResult.hidden = false
      await show('table')
    } catch (err) {
      if (working.signal.aborted) {
        status.textContent = t('stopped')
        out.replaceChildren()
      } else {
        status.textContent = ''
        alarm(err)
      }
    } finally {
      working = undefined
      run.disabled = false
      stop.disabled = true
    }
  }
  const view = new EditorView({
    root: shadow,
    parent: shadow,
    state: EditorState.create({
      doc: queryOf(location.href) ?? examples[0]?.querySelector('code.sql')?.textContent ?? '',
      extensions: [
        lineNumbers(),
        history(),
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        syntaxHighlighting(tones),
        sql({ dialect: PostgreSQL, schema: schemaOf() }),
        theme,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': t('statement'), spellcheck: 'false' }),
        Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (void go(), true) }])),
        keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      ],
    }),
  })

  const put = (query: string) => {
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: query } })
    void go()
  }
  run.addEventListener('click', () => void go())
  stop.addEventListener('click', () => working?.abort())
  asTable.addEventListener('click', () => void show('table'))
  asChart.addEventListener('click', () => void show('chart'))
  for (const [b, format] of [[asCSV, 'csv'], [asParquet, 'parquet']] as const) {
    b.addEventListener('click', () => {
      b.disabled = true
      engine
        ?.file(asked, format)
        .then((file) => save(file, `sanpi.${format}`), alarm)
        .finally(() => (b.disabled = false))
    })
  }
  link.addEventListener('click', () => {
    remember(text())
    // Without leave for the clipboard the address bar has it.
    void navigator.clipboard?.writeText(location.href).catch(() => undefined)
    status.textContent = t('copied')
  })
  for (const example of examples) {
    const open = example.querySelector<HTMLAnchorElement>('a.open')
    const code = example.querySelector('code.sql')?.textContent ?? ''
    open?.addEventListener('click', (event) => {
      event.preventDefault()
      put(code)
      heading.scrollIntoView()
      view.focus()
    })
  }
  window.addEventListener('hashchange', () => {
    const query = queryOf(location.href)
    if (query !== null && query !== text()) put(query)
  })
  if (queryOf(location.href) !== null) await go()
}

/** beside puts the schema next to the editor where there is room, and else where it was. */
function beside(desk: HTMLElement): void {
  const schema = document.getElementById('schema')
  if (!schema) return
  const place = document.createComment('')
  schema.before(place)
  const room = matchMedia('(min-width: 64rem)')
  const arrange = () => {
    desk.classList.toggle('desk', room.matches)
    if (room.matches) desk.append(schema)
    else place.after(schema)
  }
  room.addEventListener('change', arrange)
  arrange()
}

/** plot draws a result: a column across, a column of numbers up, and a bar for each of a third. */
async function plot(answer: Answer, into: HTMLElement): Promise<{ dispose(): void } | undefined> {
  const numeric = answer.columns.flatMap((c, i) => (isNumeric(c.type) ? [i] : []))
  if (numeric.length === 0) {
    into.textContent = t('noNumbers')
    return undefined
  }
  const { draw, colour } = await import('./charts')
  const worded = answer.columns.flatMap((_, i) => (numeric.includes(i) ? [] : [i]))
  const across = choose(t('across'), answer, answer.columns.map((_, i) => i), worded[0] ?? 0)
  const up = choose(t('up'), answer, numeric, numeric.at(-1) ?? 0)
  const by = choose(t('by'), answer, worded, repeats(answer, worded[0]) ? (worded[1] ?? -1) : -1, true)
  const bar = document.createElement('div')
  bar.className = 'tools'
  bar.append(across.label, up.label, by.label)
  const box = document.createElement('div')
  box.className = 'plot'
  box.setAttribute('role', 'img')
  into.replaceChildren(bar, box)
  let drawn: { dispose(): void } | undefined
  const tones = ['accent', 'started', 'commissioned', 'target', 'signed']
  const redraw = () => {
    drawn?.dispose()
    const [x, y, z] = [Number(across.select.value), Number(up.select.value), Number(by.select.value)]
    box.setAttribute('aria-label', `${answer.columns[y]?.name} / ${answer.columns[x]?.name}`)
    const say = (row: Answer['rows'][number], i: number) => String(row[i] ?? '—')
    const groups = z < 0 ? [''] : [...new Set(answer.rows.map((r) => say(r, z)))].slice(0, 12)
    const slots = z < 0 ? answer.rows.map((r) => say(r, x)) : [...new Set(answer.rows.map((r) => say(r, x)))]
    const values = (group: string) =>
      z < 0 ? answer.rows.map((r) => r[y] ?? null) : slots.map((slot) => answer.rows.find((r) => say(r, x) === slot && say(r, z) === group)?.[y] ?? null)
    drawn = draw(box, () => ({
      grid: { left: 8, right: 12, top: groups.length > 1 ? 36 : 20, bottom: 8, containLabel: true },
      legend: { show: groups.length > 1, top: 0, textStyle: { color: colour('ink') } },
      tooltip: { trigger: 'axis', confine: true, valueFormatter: (v: unknown) => (typeof v === 'number' ? number(v, 4) : t('notKnown')) },
      xAxis: { type: 'category', data: slots, axisLabel: { color: colour('soft') } },
      yAxis: { type: 'value', axisLabel: { color: colour('soft') }, splitLine: { lineStyle: { color: colour('line') } } },
      // What is not known is left out, and never drawn as nothing.
      series: groups.map((group, i) => ({ type: 'bar', name: group, barMaxWidth: 46, color: colour(tones[i % tones.length] ?? 'accent'), data: values(group).map((v) => (v === null ? '-' : Number(v))) })),
    }))
  }
  for (const { select } of [across, up, by]) select.addEventListener('change', redraw)
  redraw()
  return { dispose: () => drawn?.dispose() }
}

/** repeats says whether a column says the same in several rows. */
function repeats(answer: Answer, column: number | undefined): boolean {
  return column !== undefined && new Set(answer.rows.map((r) => r[column])).size < answer.rows.length
}

function choose(name: string, answer: Answer, columns: number[], chosen: number, orNone = false) {
  const label = document.createElement('label')
  const select = document.createElement('select')
  if (orNone) select.append(new Option(t('none'), '-1', false, chosen < 0))
  for (const i of columns) select.append(new Option(answer.columns[i]?.name ?? '', String(i), false, i === chosen))
  label.append(name + ' ', select)
  return { label, select }
}
