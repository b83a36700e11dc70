import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { test } from 'node:test'
import { given, publishWhip, until } from './media.js'

const fixtures = new URL('../fixtures/sdp/', import.meta.url)
const offerOf = (/** @type {string} */ name) => readFileSync(new URL(name, fixtures), 'utf8')
const sdp = { 'content-type': 'application/sdp' }
const fragment = { 'content-type': 'application/trickle-ice-sdpfrag' }

for (const name of readdirSync(fixtures).filter((name) => name.endsWith('.sdp'))) {
  test(`the offer of ${name} is answered as RFC 9725 wants it`, async (t) => {
    const media = await given(t, { publicUrl: 'https://vigil.test/media' })
    const { uid, webRTC } = await media.createInput()
    const path = new URL(webRTC.url).pathname.replace('/media', '')
    const reply = await fetch(media.url + path, { method: 'POST', headers: sdp, body: offerOf(name) })
    const answer = await reply.text()
    assert.equal(reply.status, 201, answer)
    assert.equal(reply.headers.get('content-type'), 'application/sdp')
    assert.equal(Number(reply.headers.get('content-length')), answer.length)
    assert.match(reply.headers.get('location') ?? '', /^\/media\/webRTC\/sessions\/[\w-]{32}$/)
    assert.match(reply.headers.get('etag') ?? '', /^"[\w-]+"$/)
    const expose = reply.headers.get('access-control-expose-headers')?.toLowerCase() ?? ''
    for (const header of ['location', 'etag', 'link', 'retry-after']) assert.ok(expose.includes(header), header)
    assert.match(answer, /a=recvonly/)
    assert.match(answer, /a=candidate:/)
    assert.doesNotMatch(answer, /transport-cc|rtx|extmap|a=inactive/)
    const again = await fetch(media.url + path, { method: 'POST', headers: sdp, body: offerOf(name) })
    assert.equal(again.status, 201, 'one that has not connected gives way')
    const [first, second] = [reply, again].map(({ headers }) => headers.get('location')?.replace('/media', ''))
    const replaced = await fetch(`${media.url}${first}`, { method: 'PATCH', headers: fragment, body: '' })
    assert.equal(replaced.status, 404)
    assert.equal((await fetch(`${media.url}${second}`, { method: 'DELETE' })).status, 200)
    assert.ok(!media.lives.isLive(uid))
  })
}

test('what is not a proper POST gets its status, and the stream beside it goes on', async (t) => {
  const media = await given(t)
  const [input, closed, beside] = [await media.createInput(), await media.createInput(), await media.createInput()]
  await media.api('PUT', `/live_inputs/${closed.uid}`, { enabled: false })
  publishWhip(t, beside.webRTC.url)
  await until('it is live', () => media.lives.isLive(beside.uid))

  const { url } = input.webRTC
  const chrome = offerOf('chromium-156-offer.sdp')
  const noCodec = chrome.replace(/^(a=rtpmap:\d+) (H264|VP8)/gm, '$1 X-$2')
  const inactive = chrome.replace(/^a=sendonly$|^a=sendrecv$/gm, 'a=inactive')
  const unknown = (/** @type {string} */ key) => `${media.url}/${key}/webRTC/publish`
  const wrongKey = unknown('0'.repeat(32) + 'k' + input.uid)
  /** @type {[string, string, RequestInit, number[]][]} */
  const rows = [
    ['wrong content type', url, { headers: { 'content-type': 'application/json' }, body: chrome }, [415]],
    ['no content type', url, { headers: {}, body: new Uint8Array(10) }, [415]],
    ['empty', url, { headers: sdp, body: '' }, [400]],
    ['not SDP', url, { headers: sdp, body: 'hello' }, [400]],
    ['JSON', url, { headers: sdp, body: '{"sdp":"v=0"}' }, [400]],
    ['1 MB of noise', url, { headers: sdp, body: 'x'.repeat(1 << 20) }, [413]],
    ['SDP without media', url, { headers: sdp, body: chrome.slice(0, chrome.indexOf('m=')) }, [400, 406, 422]],
    ['no codec of ours', url, { headers: sdp, body: noCodec }, [406]],
    ['nothing is sent', url, { headers: sdp, body: inactive }, [400, 406, 422]],
    ['wrong key', wrongKey, { headers: sdp, body: chrome }, [404]],
    ['no such input', unknown('0'.repeat(32) + 'k' + '0'.repeat(32)), { headers: sdp, body: chrome }, [404]],
    ['no key at all', unknown('x'), { headers: sdp, body: chrome }, [404]],
    ['closed input', closed.webRTC.url, { headers: sdp, body: chrome }, [403]],
    ['no such viewer input', `${media.url}/${'0'.repeat(32)}/webRTC/play`, { headers: sdp, body: chrome }, [404]],
  ]
  for (const [name, where, init, statuses] of rows) {
    const reply = await fetch(where, { method: 'POST', ...init })
    const problem = await reply.json()
    assert.ok(statuses.includes(reply.status), `${name}: ${reply.status} ${problem.title}`)
    assert.equal(reply.headers.get('content-type'), 'application/problem+json')
    assert.ok(problem.title.length > 10)
    assert.equal(reply.headers.get('access-control-allow-origin'), '*')
  }
  const bodies = await Promise.all(
    [wrongKey, unknown('0'.repeat(32) + 'k' + '0'.repeat(32))].map(async (where) =>
      (await fetch(where, { method: 'POST', headers: sdp, body: chrome })).text(),
    ),
  )
  assert.equal(bodies[0], bodies[1], 'a wrong key and no such input cannot be told apart')
  assert.equal((await fetch(url, { method: 'PUT', body: 'x' })).status, 405)

  const noise = await chunked(url, 200_000)
  assert.equal(noise, 413)
  assert.ok(media.lives.isTaken(beside.uid), 'the stream beside it goes on')
  const text = JSON.stringify(media.logged)
  assert.ok(!text.includes(input.rtmps.streamKey.slice(0, 32)), 'no key is logged')
})

/** Without a length told in advance. */
function chunked(/** @type {string} */ url, /** @type {number} */ bytes) {
  return new Promise((resolve, reject) => {
    const post = request(url, { method: 'POST', headers: sdp }, (reply) => resolve(reply.resume().statusCode))
    post.on('error', reject)
    for (let sent = 0; sent < bytes; sent += 10_000) post.write('x'.repeat(10_000))
    post.end()
  })
}

test('OPTIONS tells what may be posted; GET on an endpoint is answered', async (t) => {
  const media = await given(t)
  const input = await media.createInput()
  for (const url of [input.webRTC.url, input.webRTCPlayback.url]) {
    const options = await fetch(url, { method: 'OPTIONS' })
    assert.equal(options.status, 204)
    assert.equal(options.headers.get('accept-post'), 'application/sdp')
    assert.match(options.headers.get('access-control-allow-methods') ?? '', /POST/)
    assert.match(options.headers.get('access-control-allow-headers')?.toLowerCase() ?? '', /content-type.*if-match/)
    assert.equal((await fetch(url)).status, 204)
  }
})

const own = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === 'IPv4' && !each.internal)?.address
const skip = own ? false : 'this machine has no address but that of itself'
test('after the answer checks go to where the offer came from, and nowhere else it names', { skip }, async (t) => {
  const media = await given(t)
  const input = await media.createInput()
  const sockets = await Promise.all(
    [own, '127.0.0.1'].map(async (address) => {
      const socket = createSocket('udp4').bind(0, address)
      t.after(() => socket.close())
      await once(socket, 'listening')
      return socket
    }),
  )
  const [theirs, strangers] = sockets
  const lines = sockets.map((socket, i) => {
    const { address, port } = socket.address()
    return `a=candidate:${i} 1 udp 2122260223 ${address} ${port} typ host`
  })
  const body = offerOf('chromium-156-offer.sdp').replace(/^a=mid:0\r\n/m, (mid) => `${mid}${lines.join('\r\n')}\r\n`)
  let disturbed = false
  strangers.on('message', () => (disturbed = true))
  const checked = once(theirs, 'message')
  const headers = { ...sdp, 'x-forwarded-for': String(own) }
  assert.equal((await fetch(input.webRTC.url, { method: 'POST', headers, body })).status, 201)
  const [check] = await checked
  assert.equal(check.readUInt16BE(0), 1, 'a STUN binding request')
  await once(theirs, 'message') // again, half a second later
  assert.ok(!disturbed)
})

test('PATCH takes candidates, refuses a restart, another tag, another type and noise', async (t) => {
  const media = await given(t)
  const input = await media.createInput()
  const reply = await fetch(input.webRTC.url, { method: 'POST', headers: sdp, body: offerOf('chromium-156-offer.sdp') })
  const resource = new URL(reply.headers.get('location') ?? '', media.url).href
  const etag = reply.headers.get('etag') ?? ''
  const lines = [
    ...['a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuv', 'm=audio 9 UDP/TLS/RTP/SAVPF 0', 'a=mid:0'],
    'a=candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host generation 0',
    'a=candidate:2 1 udp 2122260223 2001:db8::1 50000 typ host',
    'a=candidate:3 1 udp 2122260223 4d2f7c3e-0000-4000-8000-000000000000.local 50000 typ host',
    ...['a=end-of-candidates', ''],
  ]
  const body = lines.join('\r\n')
  /** @type {[string, Record<string, string>, string, number][]} */
  const rows = [
    ['the tag', { ...fragment, 'if-match': etag }, body, 204],
    ['no tag', fragment, body, 204],
    ['*', { ...fragment, 'if-match': '*' }, body, 422],
    ['"*"', { ...fragment, 'if-match': '"*"' }, body, 422],
    ['another tag', { ...fragment, 'if-match': '"x"' }, body, 412],
    ['another type', sdp, body, 415],
    ['noise', fragment, 'hello', 400],
    ['too much', fragment, 'a'.repeat(100_000), 413],
  ]
  for (const [name, headers, text, status] of rows) {
    const patched = await fetch(resource, { method: 'PATCH', headers, body: text })
    assert.equal(patched.status, status, name)
    if (status === 422) assert.match((await patched.json()).title, /restart is not supported/)
  }
  const other = `${media.url}/webRTC/sessions/${'A'.repeat(32)}`
  assert.equal((await fetch(other, { method: 'PATCH', headers: fragment, body })).status, 404)
  assert.equal((await fetch(other, { method: 'DELETE' })).status, 404)
  assert.equal((await fetch(resource, { method: 'DELETE' })).status, 200)
  assert.equal((await fetch(resource, { method: 'DELETE' })).status, 404)
  assert.equal((await fetch(resource, { method: 'PATCH', headers: fragment, body })).status, 404)
})
