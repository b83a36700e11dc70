import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { afterEach, beforeEach, test } from 'node:test'
import { createMediaProxy } from '../../shim/proxy.js'

/** @typedef {(request: http.IncomingMessage, response: http.ServerResponse) => void} Handler */

/** @type {http.Server} */
let media
/** @type {http.Server} */
let front
/** @type {Handler} what the media server does */
let handler
/** @type {number} */
let port
/** @type {string | null} */
let target
/** @type {string[]} */
let logged
/** @type {import('../../shim/proxy.js').MediaProxy} */
let proxy

/** @param {http.Server} server */
const listen = async (server) => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return /** @type {net.AddressInfo} */ (server.address()).port
}

beforeEach(async () => {
  handler = (_, response) => response.end('media')
  media = http.createServer((request, response) => handler(request, response))
  target = `http://127.0.0.1:${await listen(media)}`
  logged = []
  proxy = createMediaProxy({
    url: () => target,
    log: (event, details) => logged.push(JSON.stringify({ event, details })),
    patience: 300,
  })
  front = http.createServer((request, response) =>
    proxy.isMedia(request) ? proxy.handle(request, response) : response.end('app'),
  )
  port = await listen(front)
})
afterEach(async () => {
  proxy.close()
  for (const server of [media, front]) {
    server.closeAllConnections()
    server.close()
  }
})

const key = `${'a'.repeat(32)}k${'b'.repeat(32)}`

/** With http.request, so that the path arrives as it is written here. @param {string} path @param {http.RequestOptions} [options] @param {string} [body] */
async function ask(path, options = {}, body) {
  const request = http.request({ port, host: '127.0.0.1', path, agent: false, ...options })
  request.end(body)
  const [response] = /** @type {[http.IncomingMessage]} */ (await once(request, 'response'))
  let text = ''
  for await (const piece of response) text += piece
  return { status: response.statusCode, headers: response.headers, text }
}

test('what publishers and viewers need is handed on, without the prefix; nothing else is there', async () => {
  /** @type {(string | undefined)[]} */
  const seen = []
  handler = (request, response) => {
    seen.push(request.url)
    response.end('media')
  }
  const through = [
    `/${key}/webRTC/publish`,
    '/uid/webRTC/play',
    '/webRTC/sessions/abc-DEF_1',
    '/uid/manifest/video.m3u8?x=1&y=2',
    '/uid/manifest/r0/s00005.m4s',
    '/uid/manifest/run_1/init.mp4',
    '/uid/downloads/default.mp4',
    '/uid/thumbnails/thumbnail.jpg',
    '/uid/lifecycle',
  ]
  for (const path of through) assert.equal((await ask(`/media${path}`)).text, 'media', path)
  assert.deepEqual(seen, through)

  const refused = [
    '/',
    '/client/v4/accounts/local/stream/live_inputs',
    '//client/v4/accounts/local/stream/live_inputs',
    '/%63lient/v4/accounts/local/stream/live_inputs',
    '/CLIENT/v4/accounts/local/stream/live_inputs',
    '/uid/manifest/../../client/v4/accounts/local/stream/live_inputs',
    '/uid/manifest/%2e%2e/%2e%2e/client/v4/accounts',
    '/uid/manifest/..%2f..%2fclient/v4',
    '/uid/manifest/.hidden',
    '/uid/manifest/',
    '/uid/webRTC/other',
    '/webRTC/sessions/a/b',
    '/uid/lifecycle/x',
    '/uid',
    '/uid/lifecycle#x',
    '/uid/lifecycle%00',
  ]
  for (const path of refused) {
    const { status, text } = await ask(`/media${path}`)
    assert.equal(status, 404, path)
    assert.equal(JSON.parse(text).error.code, 'not-found')
  }
  assert.equal(seen.length, through.length)
  assert.equal((await ask('/mediation')).text, 'app')
  assert.equal((await ask('/media')).text, 'app')
})

test('a WHIP exchange passes unchanged: method, headers, body, Location, ETag', async () => {
  /** @type {any} */
  let got
  handler = async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    got = { method: request.method, headers: request.headers, body }
    response.writeHead(201, {
      'content-type': 'application/sdp',
      location: '/media/webRTC/sessions/xyz',
      etag: '"tag"',
      link: '<stun:s>; rel="ice-server"',
      'content-length': '6',
    })
    response.end('answer')
  }
  const headers = {
    'content-type': 'application/sdp',
    authorization: 'Bearer t',
    cookie: '__session=secret',
    'if-match': '*',
  }
  const answer = await ask(`/media/${key}/webRTC/publish`, { method: 'POST', headers }, 'offer')
  assert.equal(got.method, 'POST')
  assert.equal(got.body, 'offer')
  assert.equal(got.headers['content-type'], 'application/sdp')
  assert.equal(got.headers.authorization, 'Bearer t')
  assert.equal(got.headers['if-match'], '*')
  assert.equal(got.headers.cookie, undefined, 'the session stays here')
  assert.equal(answer.status, 201)
  assert.equal(answer.text, 'answer')
  assert.equal(answer.headers.location, '/media/webRTC/sessions/xyz')
  assert.equal(answer.headers.etag, '"tag"')
  assert.equal(answer.headers.link, '<stun:s>; rel="ice-server"')
  assert.equal(answer.headers['content-length'], '6')
  assert.equal(answer.headers['x-content-type-options'], 'nosniff')
})

test('PATCH and DELETE pass, with and without a body', async () => {
  handler = async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    response.end(`${request.method} ${body}`)
  }
  const url = '/media/webRTC/sessions/xyz'
  assert.equal((await ask(url, { method: 'PATCH' }, 'fragment')).text, 'PATCH fragment')
  assert.equal((await ask(url, { method: 'DELETE' })).text, 'DELETE ')
  const chunked = { method: 'PATCH', headers: { 'transfer-encoding': 'chunked' } }
  assert.equal((await ask(url, chunked, 'fragment')).text, 'PATCH fragment')
})

test('ranges and statuses pass', async () => {
  handler = (request, response) => {
    response.writeHead(206, { 'content-range': `${request.headers.range}/100`.replace('=', ' '), 'content-length': 2 })
    response.end('ab')
  }
  const answer = await ask('/media/uid/downloads/default.mp4', { headers: { range: 'bytes=0-1' } })
  assert.equal(answer.status, 206)
  assert.equal(answer.headers['content-range'], 'bytes 0-1/100')
  handler = (_, response) => response.writeHead(204).end()
  assert.equal((await ask('/media/uid/manifest/video.m3u8')).status, 204)
  handler = (_, response) => response.writeHead(304, { etag: '"x"' }).end()
  assert.equal((await ask('/media/uid/manifest/video.m3u8')).status, 304)
})

test('headers of one connection stay on it, both ways', async () => {
  /** @type {http.IncomingHttpHeaders} */
  let got = {}
  handler = (request, response) => {
    got = request.headers
    response.setHeader('connection', 'x-private')
    response.setHeader('x-private', '1')
    response.setHeader('x-shared', '1')
    response.end()
  }
  const headers = { connection: 'x-mine, keep-alive', 'x-mine': '1', te: 'trailers', 'proxy-authorization': 'x' }
  const answer = await ask('/media/uid/lifecycle', { headers })
  for (const name of ['x-mine', 'te', 'proxy-authorization']) assert.equal(got[name], undefined, name)
  assert.equal(answer.headers['x-private'], undefined)
  assert.equal(answer.headers['x-shared'], '1')
})

test('a body is streamed: its first part arrives before its last is there', async () => {
  /** @type {() => void} */
  let finish = () => {}
  handler = (_, response) => {
    response.write('first')
    finish = () => response.end('last')
  }
  const request = http.get({ port, host: '127.0.0.1', path: '/media/uid/manifest/r0/s1.m4s', agent: false })
  const [response] = /** @type {[http.IncomingMessage]} */ (await once(request, 'response'))
  const [first] = await once(response, 'data')
  assert.equal(String(first), 'first')
  finish()
  const [last] = await once(response, 'data')
  assert.equal(String(last), 'last')
})

test('a viewer who leaves ends the work for it', async () => {
  const closed = new Promise((resolve) => {
    handler = (_, response) => {
      response.write('first')
      response.once('close', resolve)
    }
  })
  const request = http.get({ port, host: '127.0.0.1', path: '/media/uid/manifest/r0/s1.m4s', agent: false })
  const [response] = /** @type {[http.IncomingMessage]} */ (await once(request, 'response'))
  response.destroy()
  await closed
})

test('a body that breaks off is not passed off as whole', async () => {
  handler = (_, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('part')
    setImmediate(() => response.destroy())
  }
  await assert.rejects(ask('/media/uid/manifest/r0/s1.m4s'), /aborted|hang up/)
})

test('a media server that is not there, or not yet, or silent, is told with a sentence', async () => {
  const url = '/media/uid/lifecycle'
  handler = () => {}
  const late = await ask(url)
  assert.equal(late.status, 504)

  target = null
  const starting = await ask(url, { method: 'POST' }, 'offer')
  assert.equal(starting.status, 503)
  assert.equal(starting.headers['retry-after'], '1')
  assert.match(JSON.parse(starting.text).error.what, /just starting\. Please try again/)

  const free = net.createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  target = `http://127.0.0.1:${/** @type {net.AddressInfo} */ (free.address()).port}`
  free.close()
  await once(free, 'close')
  assert.equal((await ask(`/media/${key}/webRTC/publish`, { method: 'POST' }, 'offer')).status, 503)
  const large = await ask(`/media/${key}/webRTC/publish`, { method: 'POST' }, 'x'.repeat(1_000_000))
  assert.equal(large.status, 503)
  assert.equal(logged.length, 2)
  assert.ok(!logged[0].includes(key.slice(0, 32)), 'no key in the log')
})

test('a kept connection that was closed just now is replaced, and nobody notices', async () => {
  media.keepAliveTimeout = 1
  handler = (request, response) => {
    response.end('media')
    response.once('finish', () => setImmediate(() => request.socket.destroy()))
  }
  for (let i = 0; i < 50; i++) assert.equal((await ask('/media/uid/lifecycle')).text, 'media')
})

test('whose request it is: what another proxy says counts only when it is believed', async () => {
  handler = (request, response) => response.end(String(request.headers['x-forwarded-for']))
  const path = `/media/${'b'.repeat(32)}/lifecycle`
  const said = { headers: { 'x-forwarded-for': '203.0.113.5, 192.0.2.1' } }
  assert.equal((await ask(path, said)).text, '127.0.0.1')
  proxy.close()
  proxy = createMediaProxy({ url: () => target, log: () => {}, trustProxy: true })
  assert.equal((await ask(path, said)).text, '192.0.2.1')
  assert.equal((await ask(path)).text, '127.0.0.1')
})
