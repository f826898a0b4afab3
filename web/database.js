// Empties dist, and puts DuckDB-Wasm there: the site loads it from its own host only.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'

const from = new URL('node_modules/@duckdb/duckdb-wasm/dist/', import.meta.url)
const dist = new URL('dist/', import.meta.url)
rmSync(dist, { recursive: true, force: true })
mkdirSync(new URL('duckdb/', dist), { recursive: true })
writeFileSync(new URL('.keep', dist), '')
for (const name of ['duckdb-eh.wasm', 'duckdb-browser-eh.worker.js']) copyFileSync(new URL(name, from), new URL('duckdb/' + name, dist))
