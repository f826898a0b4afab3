import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Value } from './engine'
import { isNumeric } from './results'

/** toParquet writes a result as a Parquet file; what a double cannot hold stays text. */
export function toParquet(columns: { name: string; type: string }[], rows: Value[][]): Blob {
  const columnData = columns.map((c, i) => {
    const data = rows.map((r) => r[i] ?? null)
    if (isNumeric(c.type) && data.every((v) => v === null || typeof v === 'number')) return { name: c.name, data, type: 'DOUBLE' as const, nullable: true }
    if (data.every((v) => v === null || typeof v === 'boolean')) return { name: c.name, data, type: 'BOOLEAN' as const, nullable: true }
    return { name: c.name, data: data.map((v) => (v === null ? null : typeof v === 'object' ? JSON.stringify(v) : String(v))), type: 'STRING' as const, nullable: true }
  })
  return new Blob([parquetWriteBuffer({ columnData })], { type: 'application/vnd.apache.parquet' })
}
