/** The routes inside a SvelteKit app: a real build of one, run as adapter-node runs it. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openDatabase } from '../../shim/ports/database.js'
import { openIdentity } from '../../shim/ports/local-identity.js'
import { openStore } from '../../shim/ports/store-sqlite.js'
import { assertNothingSecret } from '../harness/secrets.js'
import { freeTcpPort, until } from '../harness/vigil.js'
import { memorials, people } from './kit.js'
import { startMediaApi } from './media-api.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const secrets = {
  MEDIA_API_TOKEN: 'the-token-of-the-media-server',
  WEBHOOK_SECRET: 'the-secret-of-webhooks',
  WEBHOOK_AUTH_SECRET: 'the-secret-of-notifications',
  MUX_WEBHOOK_SECRET: 'the-secret-of-mux-webhooks',
}

/** @type {string} */
let data
/** @type {Record<string, string>} */
const cookies = {}
/** @type {import('./media-api.js').MediaApi} */
let media
/** @type {import('node:child_process').ChildProcess} */
let app
/** @type {string} */
let origin
let log = ''

before(async () => {
  const cwd = path.join(root, 'tests/shim/sveltekit')
  await promisify(execFile)(process.execPath, [path.join(root, 'node_modules/vite/bin/vite.js'), 'build'], { cwd })

  data = mkdtempSync(path.join(tmpdir(), 'vigil-sveltekit-'))
  const database = openDatabase(path.join(data, 'vigil.sqlite'))
  const identity = openIdentity(database)
  const store = openStore(database)
  for (const memorial of memorials) await store.SaveMemorial({ id: memorial.id, document: memorial })
  for (const who of /** @type {const} */ (['owner', 'stranger'])) {
    await identity.putUser(people[who])
    cookies[who] = `__session=${(await identity.redeemToken(await identity.createToken(who)))?.session}`
  }
  await store.close()

  const port = await freeTcpPort()
  origin = `http://127.0.0.1:${port}`
  media = await startMediaApi({ token: secrets.MEDIA_API_TOKEN, publicUrl: `${origin}/media` })
  app = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'build/sveltekit/app/index.js'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...secrets,
      HOST: '127.0.0.1',
      PORT: String(port),
      ORIGIN: origin,
      PUBLIC_URL: origin,
      MEDIA_URL: media.url,
      DATA: data,
    },
  })
  for (const stream of [app.stdout, app.stderr]) stream?.setEncoding('utf8').on('data', (text) => (log += text))
  await until('the app', async () => {
    assert.equal(app.exitCode, null, log)
    return fetch(origin).catch(() => null)
  })
})
after(async () => {
  if (app?.exitCode === null) {
    app.kill('SIGKILL')
    await once(app, 'exit')
  }
  await media?.close()
  if (data) rmSync(data, { recursive: true, maxRetries: 5 })
})

const order = { memorialId: 'm1', title: 'Service for A. Example' }
/** @param {string} who @param {Record<string, string>} [headers] @param {unknown} [body] */
const create = (who, headers = {}, body = order) =>
  fetch(`${origin}/api/streams/create-whip`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', cookie: cookies[who] ?? '', ...headers },
    body: JSON.stringify(body),
  })

test('whom the hook found is signed in on the pages and in the API', async () => {
  const page = async (/** @type {string} */ cookie) => (await fetch(origin, { headers: { cookie } })).text()
  assert.match(await page(cookies.owner), /Signed in: <!---->Owner|Signed in: Owner/)
  assert.match(await page(''), /Signed in: (<!---->)?nobody/)
  const streams = async (/** @type {string} */ cookie) =>
    (await fetch(`${origin}/api/memorials/m1/streams`, { headers: { cookie } })).status
  assert.deepEqual([await streams(cookies.owner), await streams(cookies.stranger), await streams('')], [200, 403, 401])
})

test('a stream is made, shown, and heard of, through the app', async () => {
  const events = await fetch(`${origin}/api/memorials/m1/events`)
  assert.equal(events.headers.get('content-type'), 'text/event-stream')
  const answer = await create('owner')
  assert.equal(answer.status, 201)
  const { stream } = await answer.json()
  assert.match(stream.whipUrl, new RegExp(`^${origin}/media/`))
  let heard = ''
  for await (const piece of /** @type {any} */ (events.body)) {
    heard += Buffer.from(piece).toString()
    if (heard.includes(stream.id)) break
  }
})

test('what a foreign page sends is refused, and what is not there is told in a sentence', async () => {
  assert.equal((await create('owner', { origin: 'https://evil.test' })).status, 403)
  const plain = await create('owner', { 'content-type': 'text/plain' })
  assert.ok([403, 415].includes(plain.status), 'by the app itself, or by us')
  const nothing = await fetch(`${origin}/api/nothing`)
  assert.equal(nothing.status, 404)
  assert.match((await nothing.json()).error.what, /^There is nothing/)
  const large = await create('owner', {}, { ...order, more: 'x'.repeat(70_000) })
  assert.equal(large.status, 413)
})

test('a webhook reaches its route byte by byte', async () => {
  const answer = await fetch(`${origin}/api/webhooks/stream-status`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cf-webhook-auth': secrets.WEBHOOK_AUTH_SECRET },
    body: '{"text":"Hello World! This is a test message sent from https://cloudflare.com."}',
  })
  assert.equal(answer.status, 200)
})

test('at the end every request under way is answered, and nothing secret was logged', async () => {
  media.fault = (_, response) => {
    setTimeout(() => response.writeHead(503).end('{}'), 300)
    return true
  }
  media.requests.length = 0
  const under = create('owner')
  await until('the request being under way', () => media.requests.length)
  app.kill('SIGTERM')
  assert.equal((await under).status, 502)
  const [code] = await once(app, 'exit')
  assert.equal(code, 0, log)
  assertNothingSecret(log, [...Object.values(secrets), ...Object.values(cookies).map((cookie) => cookie.split('=')[1])])
})
