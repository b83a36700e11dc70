/** What a service in progress notices of the server's end and start. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { startMedia } from '../../media/server.js'
import { Videos } from '../../media/videos.js'
import { apiOf, createInput, get, publishRtmp, publishWhip, segmentsOf, until, webhookReceiver } from './media.js'

/** A port that is free now. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}

/**
 * A folder, ports that stay the same, and a server on them as often as wanted.
 * @param {import('node:test').TestContext} test
 */
async function given(test) {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'vigil-media-'))
  const hooks = await webhookReceiver()
  const [port, rtmpPort] = [await freePort(), await freePort()]
  /** @type {{ event: string, [key: string]: unknown }[]} */
  const logged = []
  /** @type {import('../../media/server.js').Media[]} */
  const servers = []
  test.after(async () => {
    await Promise.all(servers.map((server) => server.close()))
    hooks.close()
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 10 })
  })
  const start = async (/** @type {Partial<import('../../media/config.js').Config>} */ options = {}) => {
    const media = await startMedia({
      ...{ dataFolder, port, rtmpPort, segmentSeconds: 1, timeoutSeconds: 10, stopGraceSeconds: 5 },
      ...{ apiToken: 'token-of-the-tests', webhookUrl: hooks.url },
      log: (event, details) => void logged.push({ event, ...details }),
      ...options,
    })
    servers.push(media)
    return media
  }
  return { dataFolder, hooks, logged, url: `http://127.0.0.1:${port}`, api: apiOf(`http://127.0.0.1:${port}`), start }
}

const countOf = async (/** @type {string} */ hls) => segmentsOf((await get(hls)).text).length

/** As an encoder does: again and again, until it is taken. */
function keepPublishing(/** @type {import('node:test').TestContext} */ test, /** @type {string} */ url) {
  let over = false
  const encoder = { tries: 0 }
  /** @type {ReturnType<typeof publishRtmp>} */
  let publisher
  test.after(() => {
    over = true
    publisher.kill()
  })
  void (async () => {
    while (!over) {
      encoder.tries++
      publisher = publishRtmp(url)
      await publisher.ended
    }
  })()
  return encoder
}

test('an encoder that is back before the last broadcast has been taken up goes on in it', async (t) => {
  const { api, url, start, hooks } = await given(t)
  const first = await start()
  const input = await createInput(api)
  const encoder = keepPublishing(t, input.rtmps.url + input.rtmps.streamKey)
  await until('two segments', async () => (await countOf(input.playback.hls)) >= 2)
  const [before] = (await api('GET', `/live_inputs/${input.uid}/videos`)).body.result
  await first.close()

  const { runs } = Videos.prototype
  /** @type {() => void} */
  let release = () => {}
  const released = new Promise((resolve) => (release = () => resolve(undefined)))
  let asked = false
  t.mock.method(
    Videos.prototype,
    'runs',
    /** @this {any} */ async function (/** @type {string} */ uid) {
      asked = true
      await released
      return runs.call(this, uid)
    },
  )
  const starting = start()
  await until('it looks for what there is', () => asked)
  const offer = { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: 'v=0' }
  const early = await fetch(input.webRTC.url, offer)
  assert.equal(early.status, 503)
  assert.ok(Number(early.headers.get('retry-after')) > 0)
  assert.equal(early.headers.get('access-control-allow-origin'), '*')
  const { tries } = encoder
  await until('the encoder has tried in vain', () => encoder.tries > tries + 2)
  release()
  const media = await starting
  await until('it is back', () => media.lives.isLive(input.uid))
  const there = await countOf(input.playback.hls)
  await until('it goes on', async () => (await countOf(input.playback.hls)) > there + 1)
  const videos = (await api('GET', `/live_inputs/${input.uid}/videos`)).body.result
  assert.deepEqual(
    videos.map((/** @type {{ uid: string }} */ video) => video.uid),
    [before.uid],
  )
  assert.match((await get(`${url}/${input.uid}/manifest/video.m3u8`)).text, /#EXT-X-DISCONTINUITY\n/)
  assert.ok(!hooks.find('video.ready'))
})

test('who comes while the server ends is asked to come again, not told that another is there', async (t) => {
  const { api, start } = await given(t)
  const media = await start()
  const input = await createInput(api)
  await media.lives.close()
  const publisher = publishWhip(t, input.webRTC.url)
  assert.equal(await until('it is answered', () => publisher.said('status')), '503')
})
