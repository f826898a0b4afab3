import { AsyncDuckDB, VoidLogger } from '@duckdb/duckdb-wasm'
import type { AsyncDuckDBConnection } from '@duckdb/duckdb-wasm'
import type { Table, Vector } from 'apache-arrow'
import type { Answer, Engine, Value } from './engine'
import { toCSV } from './results'
import { t } from './words'

/** shownRows is how many rows the page shows. */
const shownRows = 1000

/**
 * wasm runs DuckDB in the page, on the site's database file. Its tables are in DuckDB's own
 * format, for which the engine needs no extension: those would come from another host.
 */
export async function wasm(assets: string, database: string): Promise<Engine> {
  const worker = new Worker(new URL('duckdb/duckdb-browser-eh.worker.js', assets))
  const db = new AsyncDuckDB(new VoidLogger(), worker)
  await db.instantiate(new URL('duckdb/duckdb-eh.wasm', assets).href)
  const response = await fetch(database)
  if (!response.ok) throw new Error(`${database}: ${response.status}`)
  await db.registerFileBuffer('sanpi.duckdb', new Uint8Array(await response.arrayBuffer()))
  await db.open({ path: 'sanpi.duckdb', accessMode: 2 /* read only */, query: { castBigIntToDouble: false, castDecimalToDouble: false } })
  const connect = async () => {
    const c = await db.connect()
    await c.query("set autoinstall_known_extensions = false; set autoload_known_extensions = false; set lock_configuration = true")
    return c
  }
  let connection: AsyncDuckDBConnection = await connect().catch(() => db.connect())
  return {
    note: t('here'),
    async ask(sql, signal) {
      const began = performance.now()
      const rows: Value[][] = []
      let columns: Answer['columns'] | undefined
      let truncated = false
      const stop = () => void connection.cancelSent()
      signal.addEventListener('abort', stop)
      try {
        const reader = await connection.send(sql, true)
        for await (const batch of reader) {
          columns ??= batch.schema.fields.map((f) => ({ name: f.name, type: String(f.type) }))
          for (let r = 0; r < batch.numRows; r++) {
            if (rows.length === shownRows) {
              truncated = true
              break
            }
            rows.push(batch.schema.fields.map((f, c) => plain(batch.getChildAt(c) as Vector, r, String(f.type))))
          }
          if (truncated || signal.aborted) {
            await connection.cancelSent()
            break
          }
        }
        columns ??= reader.schema.fields.map((f) => ({ name: f.name, type: String(f.type) }))
      } finally {
        signal.removeEventListener('abort', stop)
      }
      if (signal.aborted) throw new DOMException(t('stopped'), 'AbortError')
      return { columns: columns ?? [], rows, truncated, elapsed_ms: Math.round(performance.now() - began) }
    },
    async file(sql, format) {
      const table = (await connection.query(sql)) as unknown as Table
      const columns = table.schema.fields.map((f) => ({ name: f.name, type: String(f.type) }))
      const rows: Value[][] = []
      for (let r = 0; r < table.numRows; r++) rows.push(columns.map((f, c) => plain(table.getChildAt(c) as Vector, r, f.type)))
      if (format === 'csv') return new Blob([toCSV(columns.map((c) => c.name), rows)], { type: 'text/csv;charset=utf-8' })
      const { toParquet } = await import('./parquet')
      return toParquet(columns, rows)
    },
  }
}

/** plain reads one value of an Arrow vector as the server would write it. */
function plain(vector: Vector, row: number, type: string): Value {
  const value: unknown = vector.get(row)
  if (value === null || value === undefined) return null
  const decimal = /^Decimal\[\d+e([+-]?\d+)\]/.exec(type)
  if (decimal) return fixed(BigInt(String(value)), Number(decimal[1]))
  if (typeof value === 'bigint') return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : String(value)
  if (/^Date/.test(type)) return new Date(Number(value)).toISOString().slice(0, 10)
  if (/^Timestamp/.test(type)) return new Date(Number(value)).toISOString().replace(/\.000Z$|Z$/, '')
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))
}

/** fixed writes a decimal's digits: a number where a double holds them, else text. */
export function fixed(unscaled: bigint, scale: number): number | string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const rest = scale > 0 ? digits.slice(-scale).replace(/0+$/, '') : ''
  const text = (unscaled < 0n ? '-' : '') + whole + (rest ? '.' + rest : '')
  return (whole + rest).replace(/^0+/, '').length > 15 ? text : Number(text)
}

