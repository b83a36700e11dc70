/**
 * Every failure at every step of creating a stream with a backup, and what is left: an answer that is true, a document or
 * none, and at the providers exactly what documents name. "Later" is a clock that is set forward.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKit } from './kit.js'

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

const order = { memorialId: 'm1', title: 'Service for A. Example', enableMuxBackup: true }

/** The steps at the providers, in order. @type {[string, string, RegExp][]} */
const steps = [
  ['CreateMuxStream', 'POST', /\/live-streams$/],
  ['CreateInput', 'POST', /\/live_inputs$/],
  ['CreateOutput, looking', 'GET', /\/outputs$/],
  ['CreateOutput, making', 'POST', /\/outputs$/],
]

/** What a provider can do. `after`: it did what was asked, and then failed to say so. */
const failures =
  /** @type {{ name: string, after?: boolean, act: (request: Request, response: Response) => unknown }[]} */ ([
    { name: 'refuses', act: (_, response) => response.writeHead(400).end('{}') },
    { name: 'is busy', act: (_, response) => response.writeHead(503).end('{}') },
    { name: 'limits', act: (_, response) => response.writeHead(429, { 'retry-after': '1' }).end('{}') },
    { name: 'conflicts', act: (_, response) => response.writeHead(409).end('{}') },
    { name: 'is cut off', act: (request) => request.socket.destroy() },
    { name: 'is silent', act: () => {} },
    { name: 'speaks nonsense', act: (_, response) => response.writeHead(200).end('<html>') },
    { name: 'does it and is cut off', after: true, act: (request) => request.socket.destroy() },
    { name: 'does it and is silent', after: true, act: () => {} },
    { name: 'does it and answers 500', after: true, act: (_, response) => response.writeHead(500).end('{}') },
  ])

/** What the providers hold, and what the documents name. @param {import('./kit.js').Kit} kit */
async function holdings(kit) {
  const documents = await kit.store.FindStreams({ memorialId: 'm1' })
  const named = (/** @type {string} */ key) =>
    documents
      .map((each) => each[key])
      .filter(Boolean)
      .sort()
  return {
    documents,
    held: { inputs: [...kit.media.inputs.keys()].sort(), streams: [...kit.media.streams.keys()].sort() },
    named: { inputs: named('cloudflareInputId'), streams: named('muxLiveStreamId') },
  }
}

/** Everything that is due within two days. @param {import('./kit.js').Kit} kit @param {{ now: number }} clock */
async function later(kit, clock) {
  for (const minutes of [0, 1, 2, 5, 10, 30, 60, 120, 600, 2880]) {
    clock.now = Date.now() + minutes * 60_000
    await kit.workers.round()
    await kit.workers.idle()
  }
}

/** @param {string} name @param {(kit: import('./kit.js').Kit) => void | (() => void)} sabotage @param {(status: number, stream: any, warnings: any[]) => void} [check] */
async function tryOut(name, sabotage, check = () => {}) {
  const clock = { now: Date.now() }
  const kit = await createKit({ timeout: 150, clock: () => clock.now })
  try {
    const repair = sabotage(kit)
    const answer = await kit.post('/api/streams/create-whip', order, 'owner', { 'idempotency-key': 'tap' })
    const { stream, warnings = [], error } = await answer.json()
    assert.ok([201, 502, 503, 504].includes(answer.status), `${name}: ${answer.status}`)
    if (answer.status !== 201) assert.match(error.what, /^[A-Z].*\.$/, name)
    check(answer.status, stream, warnings)
    repair?.()
    kit.media.fault = kit.media.lost = null
    await later(kit, clock)
    const { documents, held, named } = await holdings(kit)
    assert.deepEqual(held, named, `${name}: the providers hold what documents name`)
    assert.equal(documents.length, answer.status === 201 ? 1 : 0, name)
    assert.deepEqual(await kit.store.dueIntents('9', 9), [], `${name}: nothing is left to do`)

    // Tapped again, there is one stream, whatever the first tap came to.
    const again = await kit.post('/api/streams/create-whip', order, 'owner', { 'idempotency-key': 'tap' })
    assert.equal(again.status, 201, `${name}, again`)
    if (stream) assert.equal((await again.json()).stream.id, stream.id, name)
    await later(kit, clock)
    const end = await holdings(kit)
    assert.equal(end.documents.length, 1, name)
    assert.deepEqual(end.held, end.named, `${name}, again`)
    return { status: answer.status, backup: stream?.backup ?? '', warned: warnings.length > 0 }
  } finally {
    await kit.close()
  }
}

test('whatever a provider does at whichever step, nothing is orphaned and nothing is doubled', async (t) => {
  for (const [step, method, path] of steps) {
    for (const { name, after, act } of failures) {
      const row = `${step} ${name}`
      /** @param {number} times */
      const failing = (times) => (/** @type {import('./kit.js').Kit} */ kit) => {
        let left = times
        const hit = (/** @type {Request} */ request, /** @type {Response} */ response) => {
          if (!left || request.method !== method || !path.test(String(request.url).split('?')[0])) return false
          left--
          act(request, response)
          return true
        }
        kit.media[after ? 'lost' : 'fault'] = hit
      }
      const once = await tryOut(`${row}, once`, failing(1))
      const always = await tryOut(`${row}, always`, failing(Infinity))
      t.diagnostic(
        `${row.padEnd(42)} once: ${once.status} ${once.backup.padEnd(8)}${once.warned ? 'warned' : '      '}  always: ${always.status} ${always.backup}`,
      )
      if (step !== 'CreateInput') {
        assert.deepEqual([once.status, always.status], [201, 201], `${row}: a backup never costs the service`)
        assert.ok(always.warned, `${row}: the person is told`)
      } else {
        assert.notEqual(always.status, 201, row)
      }
    }
  }
})

test('whatever the store does at whichever step, nothing is orphaned and nothing is doubled', async (t) => {
  for (const effect of ['FindMemorial', 'SaveIntent', 'ClaimKey', 'SaveStream', 'FindStream', 'DropIntent']) {
    for (const after of [false, true]) {
      for (const times of [1, Infinity]) {
        const row = `${effect} ${after ? 'is done, and the answer lost' : 'fails'}, ${times === 1 ? 'once' : 'always'}`
        const { status } = await tryOut(row, (kit) => {
          const real = kit.effects[effect]
          let left = times
          kit.effects[effect] = async (its) => {
            if (!left) return real(its)
            left--
            if (after) await real(its)
            throw new Error('the store is away')
          }
          return () => {
            kit.effects[effect] = real
          }
        })
        t.diagnostic(`${row.padEnd(56)} ${status}`)
      }
    }
  }
})

test('a process that dies at any step leaves nothing behind that another does not put right', async () => {
  for (let step = 0; ; step++) {
    const clock = { now: Date.now() }
    const kit = await createKit({ clock: () => clock.now })
    let left = step
    // Dead: the rest of the flow never happens.
    const dead = new Promise(() => {})
    for (const [name, real] of Object.entries(kit.effects)) {
      kit.effects[name] = (its) => (left-- > 0 ? real(its) : dead)
    }
    const answered = kit.post('/api/streams/create-whip', order, 'owner', { 'idempotency-key': 'tap' })
    const done = await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 150, null))])
    await kit.workers.stop()
    const next = await createKit({ clock: () => clock.now, store: kit.store, media: kit.media })
    await later(next, clock)
    const { held, named, documents } = await holdings(next)
    assert.deepEqual(held, named, `after ${step} effects`)
    assert.ok(documents.length <= 1)
    assert.deepEqual(await next.store.dueIntents('9', 9), [], `after ${step} effects`)
    const again = await next.post('/api/streams/create-whip', order, 'owner', { 'idempotency-key': 'tap' })
    assert.equal(again.status, 201, `after ${step} effects`)
    assert.equal((await holdings(next)).documents.length, 1, `after ${step} effects`)
    await next.close()
    await kit.close()
    if (done) break
  }
})
