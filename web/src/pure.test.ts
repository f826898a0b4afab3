// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { linkTo, queryOf } from './link'
import { isNumeric, toCSV } from './results'
import { compare } from './tables'
import type { Key } from './tables'
import { fixed } from './wasm'

Object.assign(globalThis, { document: { documentElement: { lang: 'zh-Hans' } } })

test('what is not known sorts last, whichever the direction', () => {
  const keys: Key[] = [null, 3, '长治', 10, null, 0, '太原']
  const sorted = (descending: boolean) => [...keys].sort((a, b) => compare(a, b, descending))
  expect(sorted(false).slice(-2)).toEqual([null, null])
  expect(sorted(true).slice(-2)).toEqual([null, null])
  expect(sorted(false).slice(0, 3)).toEqual([0, 3, 10])
  expect(sorted(true).filter((k) => typeof k === 'number')).toEqual([10, 3, 0])
})

describe('links', () => {
  const page = 'https://example.org/sanpi/zh/sql.html?x=1#console'
  test.each(["select '签约' as a, 1 % 2 -- #?&", 'a\nb\t"c"', 'select 1+1'])('%s comes back', (sql) => {
    expect(queryOf(linkTo(sql, page))).toBe(sql)
    expect(linkTo(sql, page)).toMatch(/^https:\/\/example\.org\/sanpi\/zh\/sql\.html#q=/)
  })
  test('an example carries its query as ?sql=', () => expect(queryOf('https://h/en/sql.html?sql=select+1')).toBe('select 1'))
  test('a link cut short is no query', () => expect(queryOf('https://h/en/sql.html#q=%E7%AD')).toBeNull())
  test('a page without one', () => expect(queryOf('https://h/en/sql.html')).toBeNull())
})

test('CSV tells nothing from an empty text', () => {
  expect(toCSV(['a', 'b "c"'], [[null, ''], ['x,y', 'say "一"'], [1.5, true], ['line\nend', { k: 1 }]])).toBe(
    'a,"b ""c"""\n,""\n"x,y","say ""一"""\n1.5,true\n"line\nend","{""k"":1}"\n',
  )
})

test.each([
  [2800000000000000n, 4, 280000000000],
  [5882n, 4, 0.5882],
  [-1n, 4, -0.0001],
  [0n, 4, 0],
  [12345678901234567n, 4, '1234567890123.4567'],
  [9007199254740993n, 0, '9007199254740993'],
])('the decimal %s of scale %s is %s', (unscaled, scale, want) => expect(fixed(unscaled, scale)).toBe(want))

test('numbers by the names of both engines', () => {
  for (const type of ['INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', 'DOUBLE', 'DECIMAL(18,4)', 'Int64', 'Float64', 'Decimal[18e+4]']) expect(isNumeric(type), type).toBe(true)
  for (const type of ['VARCHAR', 'DATE', 'INTERVAL', 'INTEGER[]', 'Utf8', 'Date32<DAY>', 'BOOLEAN']) expect(isNumeric(type), type).toBe(false)
})
