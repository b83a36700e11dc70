/** /api/session: signing in (with a one-time token, or with Firebase's ID token), who is signed in, signing out. */
import { Hono } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { refuse } from './errors.js'
import { addressOf, fromOurPages, notTooOften, originOf, sessionOf } from './guard.js'
import { sessionLifetime } from './ports/local-identity.js'

/** @param {import('./app.js').Options} options */
export function sessionRoutes(options) {
  const { identity, limits } = options.ports
  /** @type {Hono<import('./app.js').AppEnv>} */
  const routes = new Hono()

  routes.get('/', (c) => c.json({ user: c.get('user') ?? null }, 200, { 'cache-control': 'no-store' }))

  routes.post(
    '/',
    fromOurPages(options),
    // A token cannot be guessed; this only keeps the store from being kept busy.
    notTooOften(limits, { limit: 20, seconds: 60 }, (c) => `sign-in ${addressOf(c, options)}`),
    async (c) => {
      const body = await c.req.json().catch(() => null)
      const proof = body?.[identity.proof]
      if (typeof proof !== 'string' || !proof) {
        return refuse(c, 422, 'invalid', 'The sign-in link is incomplete. Please copy all of it.')
      }
      const found = await identity.redeemToken(proof)
      if (!found) {
        const what = 'This sign-in link has been used already or is too old. Please ask for a new one.'
        return refuse(c, 401, 'token-invalid', what)
      }
      setCookie(c, '__session', found.session, { ...cookie(c), maxAge: sessionLifetime / 1000 })
      return c.json({ success: true, user: found.user })
    },
  )

  routes.delete('/', fromOurPages(options), async (c) => {
    const session = sessionOf(c)
    if (session) await identity.endSession(session)
    deleteCookie(c, '__session', cookie(c))
    deleteCookie(c, 'session', cookie(c))
    return c.json({ success: true })
  })

  /** @param {import('hono').Context} c @returns {import('hono/utils/cookie').CookieOptions} */
  const cookie = (c) => ({
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: originOf(c, options).startsWith('https:'),
  })

  return routes
}
