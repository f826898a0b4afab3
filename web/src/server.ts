import type { Answer, Engine } from './engine'
import { t } from './words'

/** server asks the address that the page names. */
export function server(address: string): Engine {
  const ask = async (sql: string, format: string, signal?: AbortSignal) => {
    const response = await fetch(`${address}?format=${format}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ sql }),
      ...(signal ? { signal } : {}),
    })
    if (!response.ok) throw new Error(await reason(response))
    return response
  }
  return {
    note: t('there'),
    async ask(sql, signal) {
      const began = performance.now()
      const answer = (await (await ask(sql, 'json', signal)).json()) as Answer
      return { ...answer, elapsed_ms: Math.round(performance.now() - began) }
    },
    file: async (sql, format) => (await ask(sql, format)).blob(),
  }
}

async function reason(response: Response): Promise<string> {
  try {
    const body = (await response.json()) as { error?: { message?: string } }
    return body.error?.message ?? response.statusText
  } catch {
    return `${response.status} ${response.statusText}`
  }
}
