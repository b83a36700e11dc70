/** The end of a server: everybody who was being served gets an answer. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { test } from 'node:test'
import { Hono } from 'hono'
import { createServer } from '../../shim/server.js'

const noProxy = /** @type {any} */ ({ isMedia: () => false, close() {} })

/** A server whose `/slow` answers when told to. */
async function start() {
  const app = new Hono()
  /** @type {(() => void)[]} */
  const waiting = []
  app.get('/fast', (c) => c.text('fast'))
  app.post('/api/slow', async (c) => {
    const body = await c.req.text()
    await new Promise((resolve) => waiting.push(() => resolve(null)))
    return c.text(`done: ${body}`)
  })
  const server = createServer(noProxy)
  const port = await server.listen(0, '127.0.0.1')
  server.serve(/** @type {any} */ (Object.assign(app, { hub: { close() {} } })))
  return { server, port, waiting, origin: `http://127.0.0.1:${port}` }
}

/** @param {number} count @param {unknown[]} waiting */
async function underWay(count, waiting) {
  while (waiting.length < count) await new Promise((resolve) => setImmediate(resolve))
}

test('requests under way are answered, however long that takes; new ones find the port closed', async () => {
  const { server, origin, waiting } = await start()
  const asked = Array.from({ length: 20 }, (_, i) => fetch(`${origin}/api/slow`, { method: 'POST', body: `${i}` }))
  await underWay(20, waiting)
  const closed = server.close()
  await assert.rejects(fetch(`${origin}/fast`))
  for (const finish of waiting) finish()
  const texts = await Promise.all(asked.map(async (answer) => (await answer).text()))
  assert.deepEqual(
    texts,
    texts.map((_, i) => `done: ${i}`),
  )
  await closed
})

test('a connection kept open for later does not hold up the end', async () => {
  const { server, port, origin, waiting } = await start()
  const idle = net.connect(port, '127.0.0.1')
  idle.write('GET /fast HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(idle, 'data')
  const slow = fetch(`${origin}/api/slow`, { method: 'POST', body: 'x' })
  await underWay(1, waiting)
  const closed = server.close()
  await once(idle, 'close')
  waiting[0]()
  assert.equal(await (await slow).text(), 'done: x')
  await closed
})

test('a request that never ends is ended in the end', async () => {
  const { server, origin, waiting } = await start()
  const never = fetch(`${origin}/api/slow`, { method: 'POST', body: 'x' })
  await underWay(1, waiting)
  await Promise.all([assert.rejects(never), server.close(100)])
})

test('a change under way is waited for before anything is taken away that it may need', async () => {
  const { server, origin, waiting } = await start()
  await server.quiet()
  const slow = fetch(`${origin}/api/slow`, { method: 'POST', body: 'x' })
  await underWay(1, waiting)
  let quiet = false
  const until = server.quiet().then(() => (quiet = true))
  assert.equal(await (await fetch(`${origin}/fast`)).text(), 'fast', 'others are still served')
  assert.equal(quiet, false)
  waiting[0]()
  await slow
  await until
  await server.close()
})
