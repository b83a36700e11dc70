/** /api/streams: making a stream, and managing it. The flows in C++ decide; these routes say who asks for what. */
import { randomBytes, randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { refuse } from './errors.js'
import { fromOurPages, notTooOften, originOf, signedIn } from './guard.js'

/** @typedef {import('./app.js').AppEnv} AppEnv */
/** @typedef {import('./ports/local-identity.js').User} User */
/** @typedef {import('hono').MiddlewareHandler<AppEnv>} Middleware */

const longestKey = 255 // of an Idempotency-Key: what Cloudflare takes too

/**
 * @param {import('./app.js').Options} options
 * @param {object} how
 * @param {import('./webhooks.js').CarryOut} how.carryOut
 * @param {(c: import('hono').Context, answer: import('./run.js').Answer) => Response} how.reply
 */
export function streamRoutes(options, { carryOut, reply }) {
  const { core, ports, mediaBase, paths } = options
  const { muxPlaybackBase } = paths
  /** @type {Hono<AppEnv>} */
  const routes = new Hono()

  /** What every request of a signed-in person about a stream has. @param {import('hono').Context<AppEnv>} c */
  const asked = (c) => ({
    user: c.get('user'),
    now: new Date().toISOString(),
    base: originOf(c, options),
    mediaBase,
    muxPlaybackBase,
  })
  /** Fresh for each attempt: the secret of an address of the relay. */
  const relaySecret = () => randomBytes(16).toString('hex')

  /** @param {string} what @param {number} limit @returns {[Middleware, Middleware, Middleware]} */
  const change = (what, limit) => [
    signedIn,
    fromOurPages(options),
    notTooOften(ports.limits, { limit, seconds: 60 }, (c) => `${what} ${c.get('user')?.uid}`),
  ]

  // One at a time for each key: the second of two taps finds what the first one made, without waiting at the store.
  const inTurn = createTurns()
  /** @param {'whip_browser' | 'obs'} streamingMethod @returns {import('hono').Handler<AppEnv>} */
  const create = (streamingMethod) => async (c) => {
    const idempotencyKey = c.req.header('idempotency-key') ?? ''
    if (idempotencyKey.length > longestKey) {
      return refuse(c, 400, 'key-too-long', `The Idempotency-Key is longer than ${longestKey} characters.`)
    }
    const order = {
      ...asked(c),
      body: await c.req.text(),
      streamingMethod,
      streamId: randomUUID(),
      idempotencyKey,
      paths,
      relaySecret: relaySecret(),
    }
    const make = () => carryOut(core.createStream(JSON.stringify(order)))
    return reply(c, await (idempotencyKey ? inTurn(`${order.user?.uid}\n${idempotencyKey}`, make) : make()))
  }
  routes.post('/create-whip', ...change('create', 30), create('whip_browser'))
  routes.post('/create-obs', ...change('create', 30), create('obs'))

  routes.get('/:id', signedIn, async (c) =>
    reply(c, await carryOut(core.getStream(JSON.stringify({ ...asked(c), id: c.req.param('id') })))),
  )
  routes.patch('/:id', ...change('change', 60), async (c) => {
    const request = { ...asked(c), id: c.req.param('id'), body: await c.req.text() }
    return reply(c, await carryOut(core.renameStream(JSON.stringify(request))))
  })
  routes.delete('/:id', ...change('change', 60), async (c) =>
    reply(c, await carryOut(core.removeStream(JSON.stringify({ ...asked(c), id: c.req.param('id') })))),
  )
  routes.post('/:id/rotate-keys', ...change('change', 60), async (c) => {
    const request = { ...asked(c), id: c.req.param('id'), paths, relaySecret: relaySecret() }
    return reply(c, await carryOut(core.rotateKeys(JSON.stringify(request))))
  })
  routes.post('/:id/retry-backup', ...change('create', 30), async (c) => {
    const request = { ...asked(c), id: c.req.param('id'), paths, mark: randomUUID() }
    return reply(c, await carryOut(core.retryBackup(JSON.stringify(request))))
  })
  routes.post('/:id/check', ...change('check', 30), async (c) =>
    reply(c, await carryOut(core.checkStream(JSON.stringify({ ...asked(c), id: c.req.param('id') })))),
  )
  // How fast the way to us is: what those who may publish send for that is read and thrown away.
  routes.post('/:id/uplink', ...change('measure', 30), async (c) => {
    const answer = await carryOut(core.getStream(JSON.stringify({ ...asked(c), id: c.req.param('id') })))
    if (answer.status !== 200) return reply(c, answer)
    await c.req.arrayBuffer()
    return reply(c, { status: 200, body: { success: true } })
  })

  return routes
}

/** Runs work of one key after the other, whether that failed or not. */
function createTurns() {
  /** @type {Map<string, Promise<unknown>>} */
  const last = new Map()
  /** @template T @param {string} key @param {() => Promise<T>} work @returns {Promise<T>} */
  return async (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work)
    last.set(key, turn)
    try {
      return await turn
    } finally {
      if (last.get(key) === turn) last.delete(key)
    }
  }
}
