import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { createHub } from '../../shim/events.js'
import { createKit, createStream, memorials, notification } from './kit.js'

/** @type {import('./kit.js').Kit} */
let kit
beforeEach(async () => {
  kit = await createKit({ heartbeat: 40 })
})
afterEach(() => kit.close())

/** Reads a stream of events, one after the other. @param {Response} response */
function eventsOf(response) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader()
  const decoder = new TextDecoder()
  let text = ''
  return {
    /** The next block of lines, without the empty line that ends it; null at the end. @returns {Promise<string | null>} */
    async next() {
      while (!text.includes('\n\n')) {
        const { done, value } = await reader.read()
        if (done) return null
        text += decoder.decode(value, { stream: true })
      }
      const at = text.indexOf('\n\n')
      const block = text.slice(0, at)
      text = text.slice(at + 2)
      return block
    },
    /** The data of the next event. @returns {Promise<any>} */
    async data() {
      for (;;) {
        const block = await this.next()
        if (block === null) return null
        const data = block.match(/^event: memorial\ndata: (.*)$/)
        if (data) return JSON.parse(data[1])
      }
    },
    cancel: () => reader.cancel(),
  }
}

test('a reader gets the view at once, and each change within 100 ms', async () => {
  const response = await kit.get('/api/memorials/m1/events')
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  const events = eventsOf(response)
  assert.equal(await events.next(), 'retry: 2000')
  const first = await events.data()
  assert.deepEqual(first, await (await kit.get('/api/memorials/m1')).json())
  assert.deepEqual(first.streams, [])

  const { cloudflareInputId: input } = await createStream(kit)
  assert.equal((await events.data()).streams[0].phase, 'waiting')
  // The best of several: a busy machine may hold one of them up.
  let least = Infinity
  for (let i = 0; i < 5; i++) {
    const told = performance.now()
    const [event, phase] = i % 2 ? ['disconnected', 'interrupted'] : ['connected', 'live']
    await kit.notify(notification(/** @type {any} */ (event), input, `2026-09-23T10:0${i}:00Z`))
    assert.equal((await events.data()).streams[0].phase, phase)
    least = Math.min(least, performance.now() - told)
  }
  assert.ok(least < 100, `it took ${least} ms`)
  await events.cancel()
})

test('a change of another memorial is not told', async () => {
  const events = eventsOf(await kit.get('/api/memorials/m2/events'))
  assert.equal((await events.data()).memorial.id, 'm2')
  await createStream(kit) // of m1
  await kit.post('/api/streams/create-whip', { memorialId: 'm2', title: 'Theirs' }, 'otherDirector')
  assert.equal((await events.data()).streams[0].title, 'Theirs')
  await events.cancel()
})

test('while nothing happens there is a heartbeat', async () => {
  const events = eventsOf(await kit.get('/api/memorials/m1/events'))
  await events.data()
  assert.equal(await events.next(), ': still here')
  assert.equal(await events.next(), ': still here')
  await events.cancel()
})

test('readers who leave are forgotten', async () => {
  const readers = []
  for (let i = 0; i < 5; i++) readers.push(eventsOf(await kit.get('/api/memorials/m1/events')))
  assert.equal(kit.app.hub.readers, 5)
  for (const reader of readers) await reader.cancel()
  assert.equal(kit.app.hub.readers, 0)
})

test('at the end every stream is ended, and no new one begun', async () => {
  const events = eventsOf(await kit.get('/api/memorials/m1/events'))
  await events.data()
  kit.app.hub.close()
  assert.equal(await events.data(), null)
  const late = await kit.get('/api/memorials/m1/events')
  assert.equal(late.status, 503)
  assert.equal(late.headers.get('retry-after'), '10')
})

/** A hub over a view that the test makes up. */
function made({ mostReaders = 10 } = {}) {
  /** @type {(change: { memorialId: string }) => void} */
  let change = () => {}
  const world = { number: 0, views: 0, fails: false }
  const hub = createHub({
    view: async () => {
      world.views++
      await null
      if (world.fails) throw new Error('no store')
      return { status: 200, body: { number: world.number, memorial: memorials[0] } }
    },
    subscribe: (listener) => {
      change = listener
      return () => (change = () => {})
    },
    log: () => {},
    mostReaders,
  })
  return { hub, world, change: () => change({ memorialId: 'm1' }) }
}

test('a slow reader gets the newest state, not every one there was', async () => {
  const { hub, world, change } = made()
  const stream = /** @type {ReadableStream} */ (hub.open('m1', 'o', { number: 0 }))
  for (world.number = 1; world.number <= 50; world.number++) {
    change()
    await new Promise(setImmediate)
  }
  world.number--
  const events = eventsOf(new Response(stream))
  const seen = []
  while (seen.at(-1) !== 50) seen.push((await events.data()).number)
  assert.ok(seen.length < 10, `${seen}`)
  hub.close()
})

test('a view is made once for all readers, and again only when something changed meanwhile', async () => {
  const { hub, world, change } = made()
  const streams = Array.from({ length: 10 }, () => hub.open('m1', 'o', { number: 0, memorial: memorials[0] }))
  await new Promise(setImmediate)
  world.views = 0
  world.number = 7
  for (let i = 0; i < 100; i++) change()
  await new Promise(setImmediate)
  assert.ok(world.views <= 2, `${world.views} views`)
  for (const stream of streams) {
    const events = eventsOf(new Response(stream))
    assert.equal((await events.data()).number, 0)
    assert.equal((await events.data()).number, 7)
  }
  hub.close()
})

test('there are only so many readers', () => {
  const { hub } = made({ mostReaders: 2 })
  assert.ok(hub.open('m1', 'o', {}))
  assert.ok(hub.open('m1', 'o', {}))
  assert.equal(hub.open('m1', 'o', {}), null)
  hub.close()
})

test('a view that fails is made again a second later', async (t) => {
  const { hub, world, change } = made()
  const events = eventsOf(new Response(/** @type {any} */ (hub.open('m1', 'o', { number: 0 }))))
  await events.data()
  await new Promise(setImmediate)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  world.fails = true
  world.number = 1
  change()
  await new Promise(setImmediate)
  world.fails = false
  t.mock.timers.tick(1000)
  let seen
  do seen = await events.data()
  while (seen.number !== 1)
  hub.close()
})
