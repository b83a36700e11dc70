/**
 * The shim's HTTP routes as one Hono app: who is asking, what is asked, and the flow in C++ that decides. It opens no
 * port and reads no environment, so that a test, a stand-alone server and a SvelteKit app can all mount it.
 */
import { createHash, randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { brandStyle } from './brand.js'
import { refuse } from './errors.js'
import { createHub } from './events.js'
import { atMost, fromOurPages, notTooOften, originOf, signedIn, whoIsAsking } from './guard.js'
import { reasonOf } from '../media/log.js'
import { PortError } from './ports/port-error.js'
import { carrier } from './run.js'
import { securityHeaders } from './security.js'
import { sessionRoutes } from './sessions.js'
import { sameSecret } from './signatures.js'
import { staticFiles, styleHashes } from './static.js'
import { streamRoutes } from './streams.js'
import { viewInPage } from './view-in-page.js'
import { mux, streamStatus } from './webhooks.js'

/** @typedef {import('./ports/local-identity.js').User} User */
/** @typedef {{ Variables: { user: User | null }, Bindings: any }} AppEnv */

/**
 * @typedef {object} Options
 * @property {import('./core.js').Core} core
 * @property {object} ports
 * @property {import('./run.js').Ports} ports.effects  one function per effect, named like it
 * @property {Pick<import('./ports/store-sqlite.js').Store, 'subscribe'>} ports.changes
 * @property {Pick<import('./ports/local-identity.js').Identity, 'proof' | 'redeemToken' | 'verifySession' | 'endSession'>} ports.identity
 * @property {import('../media/limits.js').Limits} ports.limits
 * @property {Record<string, () => Promise<void>>} ports.checks  of what we depend on; each throws when that is not well
 * @property {string} publicUrl  our address, when it is known; '' = the one each request came to
 * @property {string} mediaBase  what the media server's addresses begin with, before "/media"
 * @property {boolean} trustProxy  believe X-Forwarded-*
 * @property {string} webhookSecret
 * @property {string} webhookAuthSecret
 * @property {string} muxWebhookSecret
 * @property {string} [relayToken]  bearer of the relay; without one, none is answered
 * @property {Paths} paths
 * @property {(intentId: string) => void} [settle]  begins to settle this attempt now; it would be done later anyway
 * @property {string} webFolder  the built pages; '' = somebody else has them
 * @property {string} [signInUrl]  where people sign in; '' = on our own page, with a link
 * @property {string} [accentColor]  #rrggbb, instead of theirs
 * @property {string[]} [mediaOrigins]  where media comes from, other than from us
 * @property {string} [frameAncestors]  which pages may show the player in a frame; without it, only ours
 * @property {import('../media/log.js').Log} log
 * @property {number} [heartbeat]  of the event streams, milliseconds
 */

/**
 * What creation may choose from.
 * @typedef {object} Paths
 * @property {'relay' | 'direct'} ingest  how a browser's media gets to the provider: through our media server or straight
 * @property {'cloudflare' | 'embedded'} provider
 * @property {string} relayUrl  what the relay's addresses begin with, with a slash at the end; '' = there is none
 * @property {boolean} mux  a second recording can be had
 * @property {string} muxPlaybackBase
 */

const KiB = 1024

/** @param {Options} options */
export function createApp(options) {
  const { core, ports, log } = options
  /** @type {Hono<AppEnv>} */
  const app = new Hono()
  const headersFor = headersByPath(options)

  const carryOut = carrier(ports.effects, log)
  /** @param {string} memorialId @param {string} base */
  const view = (memorialId, base) => carryOut(core.viewMemorial(JSON.stringify({ memorialId, base })))
  const hub = createHub({ view, subscribe: ports.changes.subscribe, log, heartbeat: options.heartbeat })

  /** @param {import('hono').Context} c @param {import('./run.js').Answer} answer */
  const reply = (c, { status, body, settle }) => {
    if (settle) options.settle?.(settle)
    c.header('cache-control', 'no-store')
    return c.json(body, /** @type {any} */ (status))
  }

  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(headersFor(c.req.path))) c.res.headers.set(name, value)
  })
  app.onError((error, c) => {
    // A flow answers for its own ports; what fails outside of one is who is asking.
    if (error instanceof PortError) {
      log('identity.failed', { code: error.code, reason: error.message })
      const what = 'We could not check who you are just now. Please try again in a moment.'
      return refuse(c, 503, 'identity-unavailable', what, { 'retry-after': '2' })
    }
    log('app.failed', { route: c.req.routePath, reason: reasonOf(error) })
    return refuse(c, 500, 'internal', 'Something went wrong on our side. Please try again.')
  })

  // ---- is it well?
  app.get('/healthz', (c) => c.json({ ok: true }))
  const readiness = readinessOf(ports.checks)
  app.get('/readyz', async (c) => {
    const ready = await readiness()
    return c.json(ready, Object.values(ready).every(Boolean) ? 200 : 503, { 'cache-control': 'no-store' })
  })

  // ---- for anybody, and for the player on anybody's page. Nobody's cookie is asked for, so nothing is given away.
  const everywhere = cors({ origin: '*', allowMethods: ['GET'] })
  for (const path of ['/api/memorials/:memorialId', '/api/memorials/:memorialId/events', '/assets/*', '/embed.js']) {
    app.use(path, everywhere)
  }
  app.get('/api/memorials/:memorialId', async (c) => {
    const answer = await view(c.req.param('memorialId'), originOf(c, options))
    if (answer.status !== 200) return reply(c, answer)
    const text = JSON.stringify(answer.body)
    const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
    c.header('etag', etag)
    c.header('cache-control', 'no-cache')
    if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304)
    return c.body(text, 200, { 'content-type': 'application/json' })
  })

  app.get('/api/memorials/:memorialId/events', async (c) => {
    const memorialId = c.req.param('memorialId')
    const first = await view(memorialId, originOf(c, options))
    if (first.status !== 200) return reply(c, first)
    const stream = hub.open(memorialId, originOf(c, options), first.body)
    if (!stream) {
      const what = 'Very many people are looking at this moment. The page asks again by itself.'
      return refuse(c, 503, 'too-many', what, { 'retry-after': '10' })
    }
    return c.body(stream, 200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no', // nginx would hold events back
    })
  })

  // ---- from providers; they have no session
  app.post('/api/webhooks/stream-status', atMost(1024 * KiB), streamStatus(options, carryOut))
  app.post('/api/webhooks/mux', atMost(1024 * KiB), mux(options, carryOut))

  // ---- from the relay: what a key may do
  app.get('/api/relay/:key', async (c) => {
    const token = c.req.header('authorization')?.match(/^Bearer (.+)$/i)?.[1] ?? ''
    if (!options.relayToken || !(await sameSecret(token, options.relayToken))) {
      return refuse(c, 401, 'not-authentic', 'This request does not prove where it comes from.')
    }
    return reply(c, await carryOut(core.relayTarget(JSON.stringify({ key: c.req.param('key') }))))
  })

  // ---- for people who are signed in
  const [usual, measuring] = [atMost(64 * KiB), atMost(512 * KiB)]
  app.use('/api/*', (c, next) => (/^\/api\/streams\/[^/]+\/uplink$/.test(c.req.path) ? measuring : usual)(c, next))
  app.use('/api/*', whoIsAsking(ports.identity))
  app.route('/api/session', sessionRoutes(options))

  app.get('/api/memorials', signedIn, async (c) =>
    reply(c, await carryOut(core.listMemorials(JSON.stringify({ user: c.get('user') })))),
  )
  app.get('/api/memorials/:memorialId/streams', signedIn, async (c) => {
    const request = { user: c.get('user'), memorialId: c.req.param('memorialId'), base: originOf(c, options) }
    return reply(c, await carryOut(core.listStreams(JSON.stringify(request))))
  })
  app.route('/api/streams', streamRoutes(options, { carryOut, reply }))

  /** @type {[import('hono').MiddlewareHandler<AppEnv>, import('hono').MiddlewareHandler<AppEnv>, import('hono').MiddlewareHandler<AppEnv>]} */
  const mayCreate = [
    signedIn,
    fromOurPages(options),
    notTooOften(ports.limits, { limit: 30, seconds: 60 }, (c) => `create ${c.get('user')?.uid}`),
  ]
  app.post('/api/memorials', ...mayCreate, async (c) => {
    const now = new Date().toISOString()
    const request = { user: c.get('user'), body: await c.req.text(), memorialId: randomUUID(), now }
    return reply(c, await carryOut(core.createMemorial(JSON.stringify(request))))
  })

  app.all('/api/*', (c) => refuse(c, 404, 'not-found', 'There is nothing at this address.'))

  if (options.webFolder) pageRoutes(app, options, view)

  return Object.assign(app, { hub })
}

/** Ours shows the player in a frame too (web/elements/viewers-view.js). @param {string} [ancestors] */
const andOurs = (ancestors) => (!ancestors || /'(self|none)'/.test(ancestors) ? "'self'" : `'self' ${ancestors}`)

/** The pages with a player let in its styles; the one made for frames, the pages around it. @param {Options} options */
function headersByPath({ publicUrl, mediaOrigins, webFolder, frameAncestors }) {
  const all = { publicUrl, mediaOrigins }
  const withPlayer = { ...all, styleHashes: webFolder ? styleHashes(webFolder) : [] }
  const headers = securityHeaders(all)
  const headersOfMemorial = securityHeaders(withPlayer)
  const headersOfEmbed = securityHeaders({ ...withPlayer, frameAncestors: andOurs(frameAncestors) })
  return (/** @type {string} */ path) => {
    if (path.startsWith('/embed/')) return headersOfEmbed
    return path.startsWith('/memorials/') ? headersOfMemorial : headers
  }
}

/**
 * @param {Hono<AppEnv>} app
 * @param {Options} options
 * @param {(memorialId: string, base: string) => Promise<import('./run.js').Answer>} view
 */
function pageRoutes(app, options, view) {
  const { webFolder, accentColor, signInUrl, ports } = options
  const pages = staticFiles(webFolder, accentColor && brandStyle(accentColor))
  app.get('/', (c) => pages.page(c, 'index'))
  app.get('/sign-in', async (c) => (signInUrl ? c.redirect(signInUrl) : pages.page(c, 'sign-in')))
  app.get('/offline', (c) => pages.page(c, 'offline'))
  // A page itself says that there is no such memorial; the status says it to search engines.
  for (const [route, page] of [
    ['/memorials/:memorialId', 'memorial'],
    ['/embed/:memorialId', 'embed'],
  ]) {
    app.get(route, async (c) => {
      const { status, body } = await view(c.req.param('memorialId') ?? '', originOf(c, options))
      return pages.page(c, page, status === 404 ? 404 : 200, status === 200 ? viewInPage(body) : undefined)
    })
  }
  app.get('/memorials/:memorialId/manage', async (c) => {
    const found = await ports.effects.FindMemorial({ memorialId: c.req.param('memorialId') }).catch(() => ({}))
    return pages.page(c, 'manage', found ? 200 : 404)
  })
  app.get('*', (c) => pages.asset(c))
}

/**
 * What we depend on, and whether it is well: one look for all who ask meanwhile, so that strangers cannot make us ask more.
 * @param {Options['ports']['checks']} checks
 * @returns {() => Promise<Record<string, boolean>>}
 */
function readinessOf(checks) {
  /** @type {Promise<Record<string, boolean>> | null} */
  let looking = null
  const look = async () => {
    const names = Object.keys(checks)
    const answers = await Promise.allSettled(names.map((name) => checks[name]()))
    return Object.fromEntries(names.map((name, i) => [name, answers[i].status === 'fulfilled']))
  }
  return () =>
    (looking ??= look().finally(() => {
      looking = null
    }))
}
