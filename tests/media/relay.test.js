import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, test } from 'node:test'
import { startMedia } from '../../media/server.js'
import {
  apiToken,
  get,
  given,
  probe,
  publishRtmp,
  publishWhip,
  segmentsOf,
  selfMadeCertificate,
  until,
} from './media.js'

/**
 * The shim, as far as a relay sees it: keys and what they may do.
 * @param {import('node:test').TestContext} test
 */
async function fakeShim(test) {
  /** @type {Map<string, object>} */
  const keys = new Map()
  const shim = { keys, asked: 0, status: 0, url: '' }
  const server = createServer((request, response) => {
    shim.asked++
    const told = keys.get(String(request.url).replace('/api/relay/', ''))
    const status = shim.status || (request.headers.authorization !== `Bearer ${apiToken}` ? 401 : told ? 200 : 404)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(told ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  test.after(() => server.close())
  shim.url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`
  return shim
}

/**
 * A far end with RTMPS, a shim, a relay between publishers and the far end.
 * @param {import('node:test').TestContext} test
 */
async function givenRelay(test) {
  const certificate = await selfMadeCertificate(test)
  const far = await given(test, { rtmpsPort: 0, timeoutSeconds: 30, ...certificate })
  const shim = await fakeShim(test)
  const relay = await given(test, { shimUrl: shim.url, tlsCa: certificate.tlsCert })
  /** @param {object} [more] */
  const key = async (more = {}) => {
    const input = await far.createInput()
    const key = `${randomBytes(16).toString('hex')}k${randomBytes(16).toString('hex')}`
    const { url: rtmpUrl, streamKey } = input.rtmps
    const told = { streamId: 'st_1', cloudflareInputId: input.uid, rtmpUrl, streamKey, enabled: true, ...more }
    shim.keys.set(key, told)
    return { key, input, told, whip: `${relay.url}/${key}/webRTC/publish` }
  }
  return { far, shim, relay, key, certificate }
}

// Most of their time is waiting.
describe('a relay', { concurrency: 2 }, () => {
  test('H.264 by WHIP is copied to the far end by RTMPS, and comes back when that was gone', async (t) => {
    const { far, shim, relay, key, certificate } = await givenRelay(t)
    const { whip, input, told } = await key()
    const publisher = publishWhip(t, whip)
    await until('it is live over there', () => far.lives.isLive(input.uid))
    const connected = await until('it is told here', () => relay.hooks.find('live_input.connected'))
    assert.equal(connected.body.data.input_id, input.uid)
    await until('a segment', async () => (await get(input.playback.hls)).status === 200)
    const { streams } = await probe(input.playback.hls)
    const picture = streams.find(({ codec_name }) => codec_name === 'h264')
    assert.equal(picture?.profile, 'Constrained Baseline', 'as the publisher encoded it')

    await far.close()
    await until('it is noticed', () => relay.logged.find(({ event }) => event === 'output.ended'))
    const { rtmpsPort, dataFolder } = far
    const again = await given(t, { rtmpsPort, dataFolder, timeoutSeconds: 30, ...certificate })
    await until('it is back', () => again.lives.isLive(input.uid))
    await until('there is media', async () => {
      const { text } = await get(`${again.url}/${input.uid}/manifest/video.m3u8`)
      return segmentsOf(text).length > 1
    })
    assert.equal(publisher.said('deleted'), undefined)
    assert.ok(!relay.hooks.find('live_input.disconnected'), 'the publisher was here all the time')
    publisher.order('delete')
    await until('the end is told', () => relay.hooks.find('live_input.disconnected'))
    await until('it ends over there', () => !again.lives.isLive(input.uid))
    assert.ok(!relay.hooks.events().some((event) => event.startsWith('video.')), 'nothing is recorded here')
    const logged = JSON.stringify(relay.logged)
    for (const secret of [whip.split('/')[3], told.streamKey]) assert.ok(!logged.includes(secret), 'no secret')
    assert.ok(shim.asked < 12, `asked ${shim.asked} times`)
    await again.close() // it is still recording, into a folder that goes with the first
  })

  test('VP8 by WHIP is encoded as H.264, and RTMP is relayed as well', async (t) => {
    const { far, relay, key } = await givenRelay(t)
    const [one, other] = [await key(), await key()]
    publishWhip(t, one.whip, { codec: 'VP8' })
    const rtmp = publishRtmp(`rtmp://127.0.0.1:${relay.rtmpPort}/live/${other.key}`)
    t.after(rtmp.kill)
    for (const { input } of [one, other]) {
      await until('a segment', async () => (await get(input.playback.hls)).status === 200)
      const { streams } = await probe(input.playback.hls)
      assert.deepEqual(streams.map(({ codec_name }) => codec_name).sort(), ['aac', 'h264'])
    }
    assert.ok(far.lives.isLive(one.input.uid) && far.lives.isLive(other.input.uid))
  })

  test('strangers who make up keys are not passed on to the shim for ever, and are in nobody else’s way', async (t) => {
    const { shim, relay, key } = await givenRelay(t)
    const post = (/** @type {string} */ url, address = '203.0.113.7') => {
      const headers = { 'content-type': 'application/sdp', 'x-forwarded-for': address }
      return fetch(url, { method: 'POST', headers, body: 'v=0' })
    }
    const madeUp = () => `${randomBytes(16).toString('hex')}k${randomBytes(16).toString('hex')}`
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => post(`${relay.url}/${madeUp()}/webRTC/publish`)),
    )
    const refused = answers.filter(({ status }) => status === 429)
    assert.equal(refused.length, 40)
    assert.ok(Number(refused[0].headers.get('retry-after')) > 0)
    assert.equal(shim.asked, 60)
    assert.equal((await post((await key()).whip, '203.0.113.8')).status, 400, 'its key is asked for; it offers nothing')
    await Promise.all(answers.map(({ body }) => body?.cancel()))
  })

  test('what a key may do: unknown, closed, changed, taken back, and nobody to ask', async (t) => {
    const { far, shim, relay, key } = await givenRelay(t)
    const post = async (/** @type {string} */ url) => {
      const headers = { 'content-type': 'application/sdp' }
      const reply = await fetch(url, { method: 'POST', headers, body: 'v=0' })
      await reply.body?.cancel()
      return reply.status
    }
    await assert.rejects(startMedia({ shimUrl: shim.url, dataFolder: relay.dataFolder }), /MEDIA_API_TOKEN/)
    const unknown = `${'0'.repeat(32)}k${'1'.repeat(32)}`
    assert.equal(await post(`${relay.url}/${unknown}/webRTC/publish`), 404)
    assert.equal(await post(`${relay.url}/${unknown}/webRTC/publish`), 404)
    assert.equal(shim.asked, 1, 'an answer is good for some seconds')
    assert.equal(await post(`${relay.url}/none/webRTC/publish`), 404)
    assert.equal(await post((await key({ enabled: false })).whip), 403)
    shim.status = 500
    const { key: later, whip, input, told } = await key()
    assert.equal(await post(whip), 503)
    const refused = publishRtmp(`rtmp://127.0.0.1:${relay.rtmpPort}/live/${later}`, { seconds: 5 })
    assert.notEqual(await refused.ended, 0)
    shim.status = 0

    publishWhip(t, whip)
    await until('it is live over there', () => far.lives.isLive(input.uid))
    // The provider's key is changed: its publisher there is sent away, and the relay fetches the new one.
    const { body } = await far.api('POST', `/live_inputs/${input.uid}/rotate_keys`, {})
    shim.keys.set(later, { ...told, streamKey: body.result.rtmps.streamKey })
    await until('it goes on with the new key', () => far.lives.isLive(input.uid) && shim.asked > 4, 20)
    assert.ok(relay.lives.isLive(input.uid))
    // The stream is deleted; the provider may be slow to notice.
    shim.keys.delete(later)
    await until('the publisher is sent away', () => !relay.lives.publisherOf(input.uid), 20)
    await until('nothing arrives any more', () => !far.lives.isLive(input.uid))
  })

  test('it is told when the far end cannot be reached, and when it can be again', async (t) => {
    const { far, relay, key, certificate } = await givenRelay(t)
    const { key: own, input } = await key()
    await far.close()
    const publisher = publishRtmp(`rtmp://127.0.0.1:${relay.rtmpPort}/live/${own}`)
    t.after(publisher.kill)
    const errored = await until('it is told', () => relay.hooks.find('live_input.errored'), 30)
    assert.equal(errored.body.data.live_input_errored.error.code, 'ERR_UNREACHABLE')
    const { rtmpsPort, dataFolder } = far
    const again = await given(t, { rtmpsPort, dataFolder, ...certificate })
    await until('it arrives', () => again.lives.isLive(input.uid))
    const count = () => relay.hooks.events().filter((event) => event === 'live_input.connected').length
    await until('that is told, too', () => count() === 2, 20)
  })
})
