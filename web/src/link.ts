/** The address that reopens a query: the text stands behind #, and reaches no server. */
export function linkTo(sql: string, page: string): string {
  const address = new URL(page)
  address.search = ''
  address.hash = 'q=' + encodeURIComponent(sql)
  return address.href
}

/** queryOf reads the query that an address carries: after #q=, or as the ?sql= of an example. */
export function queryOf(page: string): string | null {
  const address = new URL(page)
  if (address.hash.startsWith('#q=')) {
    try {
      return decodeURIComponent(address.hash.slice(3))
    } catch {
      return null // cut on its way here
    }
  }
  return address.searchParams.get('sql')
}
