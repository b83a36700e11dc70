/** What a failure of a provider's SDK means to us. */
import { PortError } from './port-error.js'

// Of a failure that is none of these, nobody knows whether the request was carried out.
const codes = /** @type {Record<number, string>} */ ({ 404: 'not-found', 409: 'conflict', 429: 'rate-limited' })

/**
 * Both SDKs throw the same kinds of errors, all named "Error": they differ in class and status. Their words can quote
 * what was sent, keys included, so only numbers go into ours.
 *
 * @param {string} provider
 * @param {any} error
 */
export function providerError(provider, error) {
  if (error instanceof PortError) return error
  const { status } = error ?? {}
  if (typeof status === 'number') {
    const code = codes[status] ?? (status >= 500 || status === 408 ? 'unavailable' : 'refused')
    const number = error.errors?.[0]?.code ?? error.error?.errors?.[0]?.code
    const detail = typeof number === 'number' ? ` (code ${number})` : ''
    return new PortError(code, `${provider} answered ${status}${detail}`, { retryAfter: pauseOf(error.headers) })
  }
  const kind = error?.constructor?.name ?? ''
  if (/Timeout|Abort/.test(kind)) return new PortError('timeout', `${provider} did not answer in time`)
  const reason = error?.cause?.cause?.code ?? error?.cause?.code ?? kind
  return new PortError('unavailable', `${provider} gave no usable answer: ${reason}`)
}

/** Retry-After, in seconds; RFC 9110 section 10.2.3 allows a date too. @param {unknown} headers */
function pauseOf(headers) {
  const text = new Headers(/** @type {any} */ (headers) ?? {}).get('retry-after') ?? ''
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000
  return seconds > 0 ? Math.ceil(seconds) : undefined
}

/**
 * The SDK's client for wherever the provider is now, made when it is first needed: an SDK takes a second or two to load.
 *
 * @template T
 * @param {string} provider
 * @param {() => string | null} url  null while it is not up yet
 * @param {(url: string) => Promise<T>} make
 */
export function lazyClient(provider, url, make) {
  /** @type {{ url: string, client: Promise<T> } | null} */
  let made = null
  return async () => {
    const now = url()
    if (!now) throw new PortError('unavailable', `${provider} is not up yet`)
    if (made?.url !== now) made = { url: now, client: make(now) }
    return made.client
  }
}

/** Gone already counts as done. @param {any} error */
export const unlessGone = (error) => {
  if (error.code !== 'not-found') throw error
  return null
}

/** An object, as every answer of theirs must be. @param {string} provider @param {any} value */
export function object(provider, value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new PortError('unavailable', `${provider} gave no usable answer: not an object`)
  }
  return value
}

/** @param {string} provider @param {any} value @returns {any[]} */
export function list(provider, value) {
  if (!Array.isArray(value)) throw new PortError('unavailable', `${provider} gave no usable answer: not a list`)
  return value
}
