/** What the script says, in the page's language. */

const words = {
  filter: ['Filter', '筛选'],
  filterHint: ['name, city or type', '名称、市或类型'],
  shown: ['{0} of {1} rows shown', '显示 {0} 行，共 {1} 行'],
  sort: ['sort by this column', '按此列排序'],
  notKnown: ['not known', '未知'],
  statement: ['Statement', '语句'],
  run: ['Run', '运行'],
  runKeys: ['Ctrl+Enter', 'Ctrl+Enter'],
  cancel: ['Stop', '停止'],
  running: ['Running…', '正在运行……'],
  loading: ['Loading the database into this page…', '正在将数据库载入本页……'],
  rows: ['{0} rows, {1} ms', '{0} 行，{1} 毫秒'],
  rowsCut: ['The first {0} rows are shown; there are more. {1} ms', '仅显示前 {0} 行，另有更多。{1} 毫秒'],
  stopped: ['Stopped.', '已停止。'],
  failed: ['There is no result.', '没有结果。'],
  table: ['Table', '表格'],
  chart: ['Chart', '图表'],
  across: ['Across', '横轴'],
  up: ['Up', '纵轴'],
  by: ['By', '分组'],
  none: ['—', '—'],
  noNumbers: ['The result has no column of numbers to draw.', '结果中没有可绘制的数值列。'],
  csv: ['CSV', 'CSV'],
  parquet: ['Parquet', 'Parquet'],
  link: ['Copy a link to this query', '复制此查询的链接'],
  copied: ['The link is in the clipboard and in the address bar.', '链接已复制，并已置于地址栏。'],
  result: ['Result', '查询结果'],
  here: ['Runs in this page, on a copy of the database.', '在本页内运行，使用数据库的副本。'],
  there: ['Runs on the server, on the published version.', '在服务器上运行，使用已发布的版本。'],
  unavailable: ['SQL cannot be run here: {0}. The examples run in any DuckDB on the files of this site.', '此处无法运行 SQL：{0}。示例语句可用任何 DuckDB 在本站文件上运行。'],
} as const

const zh = typeof document !== 'undefined' && document.documentElement.lang.startsWith('zh')

/** t says a phrase, with {0} and {1} replaced. */
export function t(key: keyof typeof words, ...args: (string | number)[]): string {
  return words[key][zh ? 1 : 0].replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)] ?? ''))
}

/** number writes a number as the pages do, with groups of three. */
export function number(n: number, digits = 1): string {
  return n.toLocaleString(zh ? 'zh-CN' : 'en-US', { maximumFractionDigits: digits })
}
