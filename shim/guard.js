/** Middleware in front of the routes: who is asking, and whether the request may be what it claims to be. */
import { getCookie } from 'hono/cookie'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { refuse } from './errors.js'

/** @typedef {import('./app.js').Options} Options */
/** @typedef {import('./app.js').AppEnv} AppEnv */

/**
 * The address under which the person reached us. Told by a proxy only where one is trusted.
 *
 * @param {import('hono').Context} c
 * @param {Pick<Options, 'publicUrl' | 'trustProxy'>} options
 */
export function originOf(c, { publicUrl, trustProxy }) {
  if (publicUrl) return publicUrl
  const { origin, host, protocol } = new URL(c.req.url)
  if (!trustProxy) return origin
  const scheme = c.req.header('x-forwarded-proto')?.split(',')[0].trim() ?? protocol.slice(0, -1)
  const forwarded = c.req.header('x-forwarded-host')?.split(',')[0].trim() ?? host
  return URL.canParse(`${scheme}://${forwarded}`) ? new URL(`${scheme}://${forwarded}`).origin : origin
}

/**
 * Whose computer it is, as far as we can know; for rate limits.
 *
 * @param {import('hono').Context} c
 * @param {Pick<Options, 'trustProxy'>} options
 */
export function addressOf(c, { trustProxy }) {
  // The last one was added by the proxy we trust; those before it, by anybody.
  const forwarded = trustProxy && c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
  return forwarded || (c.env?.address ?? c.env?.incoming?.socket?.remoteAddress ?? 'unknown')
}

/** The session of a request: Firebase Hosting lets only a cookie of the first name through. */
export const sessionOf = (/** @type {import('hono').Context} */ c) =>
  getCookie(c, '__session') ?? getCookie(c, 'session')

/** Sets `user`: the one the host vouches for (a SvelteKit app around us), or the one the session cookie names. */
export const whoIsAsking = (/** @type {Options['ports']['identity']} */ identity) =>
  /** @type {import('hono').MiddlewareHandler<AppEnv>} */ (
    createMiddleware(async (c, next) => {
      const session = sessionOf(c)
      c.set('user', c.env?.user ?? (session ? await identity.verifySession(session) : null))
      await next()
    })
  )

/** @type {import('hono').MiddlewareHandler<AppEnv>} */
export const signedIn = async (c, next) => {
  if (!c.get('user')) return refuse(c, 401, 'signed-out', 'You are not signed in. Please sign in again.')
  await next()
}

/**
 * Lets a change through only when it comes from our own pages: a page elsewhere can make a browser send our cookie, but
 * neither JSON with it nor our Origin.
 *
 * @param {Pick<Options, 'publicUrl' | 'trustProxy'>} options
 */
export const fromOurPages = (options) =>
  /** @type {import('hono').MiddlewareHandler<AppEnv>} */ (
    createMiddleware(async (c, next) => {
      const site = c.req.header('sec-fetch-site')
      const origin = c.req.header('origin')
      const ours = site ? site === 'same-origin' : origin !== undefined && sameHost(origin, originOf(c, options))
      if (!ours) return refuse(c, 403, 'foreign-origin', 'This request did not come from this site, so it was refused.')
      const type = c.req.header('content-type')?.split(';')[0].trim().toLowerCase()
      if (c.req.method !== 'DELETE' && type !== 'application/json') {
        return refuse(c, 415, 'not-json', 'This request must be JSON (content-type: application/json).')
      }
      await next()
    })
  )

// The scheme may differ: a proxy that ends TLS need not tell us.
/** @param {string} a @param {string} b */
const sameHost = (a, b) => URL.canParse(a) && new URL(a).host === new URL(b).host

/** @param {number} bytes */
export const atMost = (bytes) =>
  bodyLimit({
    maxSize: bytes,
    onError: (c) => refuse(c, 413, 'too-large', `This request is too large: at most ${bytes / 1024} KiB are read.`),
  })

/**
 * @param {Options['ports']['limits']} limits
 * @param {{ limit: number, seconds: number }} rule
 * @param {(c: import('hono').Context<AppEnv>) => string} keyOf
 */
export const notTooOften = (limits, rule, keyOf) =>
  /** @type {import('hono').MiddlewareHandler<AppEnv>} */ (
    createMiddleware(async (c, next) => {
      const pause = await limits.take(keyOf(c), rule)
      if (pause) {
        const what = `That was tried very often just now. Please try again in ${pause} seconds.`
        return refuse(c, 429, 'too-often', what, { 'retry-after': String(pause) })
      }
      await next()
    })
  )
