// The two ways to the site, for the tests: a plain host of files, and sanpi serve.
import { execFileSync, spawn } from 'node:child_process'
import { createReadStream, mkdtempSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'

const command = process.env.SANPI_COMMAND
if (!command) throw new Error('name the program to test in SANPI_COMMAND, built after npm run build')

/** sanpi runs the program and returns what it prints. */
export const sanpi = (...args) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 })

/** query asks the program itself. */
export const query = (warehouse, sql) => JSON.parse(sanpi('query', '--warehouse', warehouse, '--format', 'json', sql))

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm' }

/** staticHost serves a folder and nothing else, as any host of files does. */
async function staticHost(dir) {
  const server = createServer((request, response) => {
    const path = join(dir, decodeURIComponent(new URL(request.url, 'http://host').pathname))
    try {
      const { size } = statSync(path.endsWith('/') ? join(path, 'index.html') : path)
      response.writeHead(200, { 'Content-Type': types[extname(path)] ?? (path.endsWith('/') ? types['.html'] : 'application/octet-stream'), 'Content-Length': size })
      createReadStream(path.endsWith('/') ? join(path, 'index.html') : path).pipe(response)
    } catch {
      response.writeHead(404)
      response.end()
    }
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}

/** liveHost is sanpi serve on a free port. */
async function liveHost(warehouse) {
  const child = spawn(command, ['serve', '--warehouse', warehouse, '--addr', '127.0.0.1:0', '--sql-rate', '0', '--log', 'json'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const base = await new Promise((done, failed) => {
    let said = ''
    child.stderr.on('data', (data) => {
      said += data
      const at = /"address":"([^"]+)\/"/.exec(said)
      if (at) done(at[1])
    })
    child.on('exit', () => failed(new Error(said)))
  })
  return { base, close: () => child.kill() }
}

/** open makes two warehouses, of the shipped data and with generated ledgers, and their sites. */
export async function open() {
  const dir = mkdtempSync(join(tmpdir(), 'sanpi-browser-'))
  const at = (name) => join(dir, name)
  sanpi('run', '--offline', '--warehouse', at('plain'))
  sanpi('ledger', 'generate', '--rows', '400', '--editions', '3', at('synthetic-ledgers'))
  sanpi('run', '--offline', '--warehouse', at('office'), '--ledger', at('synthetic-ledgers'))
  sanpi('site', '--warehouse', at('plain'), at('site'))
  sanpi('site', '--warehouse', at('office'), at('office-site'))
  const hosts = { files: await staticHost(at('site')), office: await staticHost(at('office-site')), served: await liveHost(at('plain')) }
  return { hosts, plain: at('plain'), sites: [at('site'), at('office-site')], close: () => Object.values(hosts).forEach((h) => h.close()) }
}
