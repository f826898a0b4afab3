/** A value as it is shown: a number that no double holds is text of its digits. */
export type Value = string | number | boolean | null | object

/** Answer is a result with at most so many rows as a page shows. */
export interface Answer {
  columns: { name: string; type: string }[]
  rows: Value[][]
  truncated: boolean
  elapsed_ms: number
}

/** Engine answers SQL: the server, or DuckDB in the page. */
export interface Engine {
  /** what stands beside the editor about where it runs */
  note: string
  ask(sql: string, signal: AbortSignal): Promise<Answer>
  /** the whole result as a file */
  file(sql: string, format: 'csv' | 'parquet'): Promise<Blob>
}
