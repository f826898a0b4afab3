// The site as its readers meet it, in a browser: run by make test-browser.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { chromium } from 'playwright-core'
import { open, query, sanpi } from './hosts.mjs'

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const screenshots = new URL('../screenshots/', import.meta.url)
mkdirSync(screenshots, { recursive: true })

let world, browser
before(async () => {
  world = await open()
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
})
after(async () => {
  await browser?.close()
  world?.close()
})

const wide = { width: 1280, height: 900 }
const narrow = { width: 360, height: 740 }

/** visit opens a page and keeps what it complains of: errors, and requests to other hosts. */
async function visit(address, options = {}) {
  const context = await browser.newContext({ viewport: wide, acceptDownloads: true, ...options })
  const page = await context.newPage()
  const complaints = []
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && complaints.push(`console: ${m.text()}`))
  page.on('pageerror', (e) => complaints.push(`error: ${e.message}`))
  page.on('request', (r) => {
    if (!r.url().startsWith(new URL(address).origin) && !/^(data|blob):/.test(r.url())) complaints.push(`foreign request: ${r.url()}`)
  })
  page.on('requestfailed', (r) => r.failure()?.errorText !== 'net::ERR_ABORTED' && complaints.push(`failed: ${r.url()} ${r.failure()?.errorText}`))
  page.on('response', (r) => r.status() >= 400 && complaints.push(`status ${r.status()}: ${r.url()}`))
  await page.goto(address)
  return { page, complaints, done: async () => (await context.close(), assert.deepEqual(complaints, [])) }
}

const main = ['index', 'zones', 'cities', 'progress', 'conflicts', 'coverage', 'campaigns', 'data', 'sql', 'zones/140702-Z1', 'cities/140400', 'facts/shanxi/2022-1']
const pages = [
  ...main.map((name) => ['files', name]),
  ...['index', 'progress', 'zones/140702-Z1', 'facts/shanxi/ledgers'].map((name) => ['office', name]),
]

for (const lang of ['en', 'zh']) {
  for (const [host, name] of pages) {
    test(`${host}: ${lang}/${name} in both widths and both schemes`, async () => {
      const address = `${world.hosts[host].base}/${lang}/${name}.html`
      for (const [viewport, colorScheme] of [[wide, 'light'], [wide, 'dark'], [narrow, 'light']]) {
        const { page, done } = await visit(address, { viewport, colorScheme })
        if (name === 'sql') await page.locator('#console .cm-content').waitFor()
        assert.ok((await page.title()).length > 5)
        assert.equal(await page.evaluate(() => document.documentElement.lang), lang === 'zh' ? 'zh-Hans' : 'en')
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        assert.ok(over <= 0, `the page is ${over} pixels wider than the window of ${viewport.width}`)
        await page.evaluate(axe)
        const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }))
        assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`), [])
        await page.screenshot({ path: new URL(`${host}-${lang}-${name.replaceAll('/', '-')}-${viewport.width}-${colorScheme}.png`, screenshots).pathname, fullPage: viewport === wide && colorScheme === 'light' })
        await done()
      }
    })
  }
}

test('every page is valid HTML', { timeout: 300_000 }, () => {
  const here = (path) => new URL(path, import.meta.url).pathname
  execFileSync(process.execPath, [here('../node_modules/html-validate/bin/html-validate.mjs'), '--config', here('../../pipeline/site/htmlvalidate.json'), ...world.sites], { stdio: 'pipe' })
})

test('the figures of the overview are what SQL answers', async () => {
  const { page, done } = await visit(`${world.hosts.files.base}/en/index.html`)
  const islands = await page.locator('script.chart[data-kind=series]').allTextContents()
  const said = islands.map((text) => JSON.parse(text)).flatMap((s) => s.slots.map((x) => [s.stage, s.metric, x.round, x.value]))
  const asked = query(world.plain, `select stage, metric, round, value from trend_series where campaign = 'shanxi' and level = 'province'
    and metric in ('projects', 'investment') and stage in ('signed', 'started', 'commissioned') and series_position is not null`)
  const key = (stage, metric, round) => `${stage} ${metric} ${round}`
  const truth = new Map(asked.map((r) => [key(r.stage, r.metric, r.round), r.value]))
  assert.equal(said.length, 42)
  assert.equal(truth.size, 42)
  for (const [stage, metric, round, value] of said) assert.equal(value, truth.get(key(stage, metric, round)), key(stage, metric, round))
  // And what is read, not only what is carried.
  const known = [...truth.values()].filter((v) => v !== null && v < 1e6).map((v) => v.toLocaleString('en-US'))
  assert.ok(known.length >= 6)
  const text = await page.locator('main').innerText()
  for (const value of known) assert.ok(text.includes(value), `the page does not show ${value}`)
  await done()
})

test('a number leads to its claims, and these to an address', async () => {
  const { page, done } = await visit(`${world.hosts.files.base}/en/index.html`)
  const number = page.locator('.card a', { hasText: /^1,427$/ }).first()
  await number.click()
  await page.waitForURL(/facts\/shanxi\/2021\.html#f-/)
  const article = page.locator(`article[id="${decodeURIComponent(new URL(page.url()).hash.slice(1))}"]`)
  assert.match(await article.locator('.held-value').innerText(), /1,427/)
  assert.match(await article.locator('.claims a.out').first().getAttribute('href'), /^https?:\/\//)
  await done()
})

test("from the overview to a zone's conversion, its article and its file", async () => {
  const { page, done } = await visit(`${world.hosts.files.base}/en/index.html`)
  await page.getByRole('navigation').getByRole('link', { name: 'Zones' }).click()
  await page.locator('.filter input').first().fill('jinzhong development')
  await page.locator('table[data-sortable] th.name a:visible').first().click()
  await page.waitForURL(/zones\//)
  const facts = await page.locator('main a[href*="facts/"]').first().getAttribute('href')
  assert.ok(facts)
  await page.locator('main a[href*="facts/"]').first().click()
  assert.ok((await page.locator('.claims a.out').count()) > 0)
  await page.getByRole('navigation').getByRole('link', { name: 'Data' }).click()
  assert.ok((await page.locator('a[href$="marts/zone_conversion.parquet"]').count()) > 0)
  await done()
})

test('a table sorts by the keyboard, with what is not known last', async () => {
  const { page, done } = await visit(`${world.hosts.files.base}/en/zones.html`)
  const table = page.locator('table[data-sortable]').last()
  const header = table.locator('thead th', { hasText: 'Named projects' })
  await header.locator('button').focus()
  await page.keyboard.press('Enter')
  assert.equal(await header.getAttribute('aria-sort'), 'descending')
  const keys = () => table.evaluate((t) => [...t.tBodies[0].rows].filter((r) => !r.hidden && !r.classList.contains('heading')).map((r) => r.cells[r.cells.length - 1].dataset.value ?? null))
  for (const descending of [true, false]) {
    const got = await keys()
    const known = got.filter((v) => v !== null).map(Number)
    assert.ok(known.length > 5 && got.slice(known.length).every((v) => v === null), 'an unknown stands among the known')
    assert.deepEqual(known, [...known].sort((a, b) => (descending ? b - a : a - b)))
    await page.keyboard.press('Enter')
  }
  assert.equal(await header.getAttribute('aria-sort'), null, 'the third time undoes')
  await done()
})

for (const host of ['files', 'served']) {
  test(`${host}: SQL is answered, its link reopened, its result taken home`, { timeout: 120_000 }, async () => {
    const sql = `select round, stage, value, held_on from trend_series where campaign = 'shanxi' and level = 'province' and metric = 'projects' order by series_position, stage`
    const { page, done } = await visit(`${world.hosts[host].base}/en/sql.html`)
    await page.locator('#console .cm-content').click()
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
    await page.keyboard.insertText(sql)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Enter')
    await page.locator('#console table').waitFor({ timeout: 60_000 })
    const shown = await page.locator('#console tbody tr').evaluateAll((rows) => rows.map((r) => [...r.cells].map((c) => c.textContent)))
    const asked = query(world.plain, sql)
    assert.ok(asked.length > 20)
    assert.deepEqual(shown, asked.map((r) => Object.values(r).map((v) => (v === null ? '—' : String(v)))))

    for (const [name, check] of [
      ['CSV', (data) => assert.deepEqual(data.toString('utf8').split('\n').map((l) => l.replace(/\.0000\b/g, '')), sanpi('query', '--warehouse', world.plain, '--format', 'csv', sql).split('\n').map((l) => l.replace(/\.0000\b/g, '')))],
      ['Parquet', (data) => assert.equal(data.subarray(0, 4).toString() + data.subarray(-4).toString(), 'PAR1PAR1')],
    ]) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#console').getByRole('button', { name, exact: true }).click()])
      check(readFileSync(await download.path()))
    }
    await page.locator('#console').getByRole('button', { name: 'Chart' }).click()
    await page.locator('#console .plot svg path').first().waitFor({ state: 'attached' })
    await page.evaluate(axe)
    assert.deepEqual((await page.evaluate(() => axe.run())).violations.map((v) => v.id), [])
    await page.screenshot({ path: new URL(`${host}-chart.png`, screenshots).pathname })

    const link = page.url()
    const again = await visit(link)
    await again.page.locator('#console table').waitFor({ timeout: 60_000 })
    assert.equal(await again.page.locator('#console tbody tr').count(), asked.length)

    // Wrong SQL is said, and an endless statement can be stopped.
    const type = async (text) => {
      await again.page.locator('#console .cm-content').click()
      await again.page.keyboard.press('Control+A')
      await again.page.keyboard.press('Delete')
      await again.page.keyboard.insertText(text)
      await again.page.keyboard.press('Escape')
      await again.page.keyboard.press('Control+Enter')
    }
    again.complaints.length = 0
    await type('selec 1')
    await again.page.locator('#console [role=alert]').waitFor()
    assert.match(await again.page.locator('#console [role=alert]').innerText(), /syntax error/i)
    await type('select count(*) from range(100000000000)')
    await again.page.waitForTimeout(300)
    await again.page.locator('#console').getByRole('button', { name: 'Stop' }).click()
    await again.page.getByText('Stopped.').waitFor({ timeout: 20_000 })
    await type('select 42')
    await again.page.locator('#console td', { hasText: '42' }).waitFor()
    // The refusal is a status of 400, which a browser tells its console.
    again.complaints.splice(0, again.complaints.length, ...again.complaints.filter((c) => !/status 400|status of 400/.test(c)))
    await again.done()
    await done()
  })
}

test('the schema stands beside the editor where there is room', async () => {
  for (const [viewport, beside] of [[wide, true], [narrow, false]]) {
    const { page, done } = await visit(`${world.hosts.served.base}/en/sql.html`, { viewport })
    const [editor, schema] = [await page.locator('#console').boundingBox(), await page.locator('#schema').boundingBox()]
    assert.equal(schema.x >= editor.x + editor.width && schema.y < editor.y + editor.height, beside)
    await done()
  }
})

test('an example opens in the editor', async () => {
  const { page, done } = await visit(`${world.hosts.served.base}/zh/sql.html`)
  await page.locator('#console .cm-content').waitFor()
  await page.locator('figure.example a.open').nth(3).click()
  await page.locator('#console table').waitFor()
  assert.match(page.url(), /#q=/)
  await done()
})

test('a download is what its checksum says', async () => {
  for (const host of ['files', 'served']) {
    const { page, done } = await visit(`${world.hosts[host].base}/en/data.html`)
    const rows = await page.locator('tr:has(a[href*="/data/"]):has(td.hash)').evaluateAll((all) => all.map((r) => [r.querySelector('a').href, r.querySelector('td.hash').textContent]))
    assert.ok(rows.length > 20)
    for (const [href, sum] of rows.filter((_, i) => i % 7 === 0)) {
      const data = Buffer.from(await (await fetch(href)).arrayBuffer())
      assert.equal(createHash('sha256').update(data).digest('hex'), sum, href)
    }
    await done()
  }
})

test("the site opens in the browser's language, and can be switched", async () => {
  for (const host of ['files', 'served']) {
    for (const [locale, folder, other] of [['zh-CN', 'zh', 'en'], ['en-GB', 'en', 'zh']]) {
      const { page, done } = await visit(`${world.hosts[host].base}/`, { locale })
      await page.waitForURL(new RegExp(`/${folder}/`))
      await page.locator('a.lang').click()
      await page.waitForURL(new RegExp(`/${other}/`))
      await done()
    }
  }
})

test('without a script every page is whole, and SQL is a form', async () => {
  for (const name of ['index', 'zones', 'facts/shanxi/2022-1']) {
    const { page, done } = await visit(`${world.hosts.served.base}/en/${name}.html`, { javaScriptEnabled: false })
    assert.ok((await page.locator('table, article').count()) > 0)
    await done()
  }
  const { page, done } = await visit(`${world.hosts.served.base}/zh/sql.html`, { javaScriptEnabled: false })
  await page.locator('form.ask textarea').fill("select count(*) as n from claims")
  await page.locator('form.ask button').click()
  const [{ n }] = query(world.plain, 'select count(*) as n from claims')
  assert.equal((await page.locator('table.answer td').innerText()).trim(), String(n))
  await done()
})

test('before SQL is opened the overview weighs less than 200 kB', async () => {
  const { page, done } = await visit('about:blank')
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength))
  await page.goto(`${world.hosts.served.base}/en/index.html`, { waitUntil: 'networkidle' })
  assert.ok(bytes > 10_000 && bytes < 200_000, `${bytes} bytes`)
  await page.context().close()
  void done
})
