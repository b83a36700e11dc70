import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faultsOf, get, given, probe, publishWhip, secondsOf, segmentsOf, until } from './media.js'

/** @param {string} hls @param {string} run */
async function sizeOf(hls, run) {
  const { streams } = await probe(new URL(`${run}/init.mp4`, hls).href)
  const picture = streams.find(({ width }) => width)
  return `${picture?.width}x${picture?.height}`
}

// Most of their time is waiting.
describe('publishing by WHIP', { concurrency: 2 }, () => {
  for (const codec of ['H264', 'VP8']) {
    test(`${codec} by WHIP becomes live HLS, then a recording and an MP4`, async (t) => {
      const media = await given(t, { segmentSeconds: 2 })
      const input = await media.createInput()
      const asked = Date.now()
      const publisher = publishWhip(t, input.webRTC.url, { codec })
      assert.equal(await until('the answer', () => publisher.said('status')), '201', publisher.all())
      assert.ok(Number(await until('its length', () => publisher.said('length'))) > 100)
      await until('it is live', () => media.lives.isLive(input.uid))
      const began = Date.now()
      const { status, text } = await get(input.playback.hls)
      assert.equal(status, 200)
      const first = Date.now() - began
      t.diagnostic(`first segment after ${first} ms`)
      assert.ok(first < 5000, `first segment after ${first} ms`)
      assert.doesNotMatch(text, /ENDLIST/)
      await until('three segments', async () => segmentsOf((await get(input.playback.hls)).text).length >= 3)
      publisher.order('delete')
      const stopped = Date.now()
      const gone = await until('the stop is told', () => media.hooks.find('live_input.disconnected'))
      assert.ok(Date.now() - stopped < 1000)
      assert.equal(gone.body.data.reason, 'stopped')
      assert.equal(await until('the DELETE is answered', () => publisher.said('deleted')), '200')
      const session = String(publisher.said('resource')?.split('/').pop())
      const logged = JSON.stringify(media.logged)
      for (const secret of [session, input.rtmps.streamKey.slice(0, 32)])
        assert.ok(!logged.includes(secret), 'no secret')

      const ready = await until('the video is ready', () => media.hooks.find('video.ready'))
      assert.deepEqual(ready.body.input, { width: 320, height: 180 })
      assert.equal(gone.body.data.video_uid, ready.body.uid)
      const seconds = secondsOf((await get(ready.body.playback.hls)).text)
      assert.ok(Math.abs(seconds - ready.body.duration) < 0.001)
      // An encoder that started late on a busy machine makes up for it: then there is more than since it was seen live.
      const [least, most] = [stopped - began - 1500, stopped - asked + 500]
      assert.ok(seconds * 1000 > least && seconds * 1000 < most, `${seconds} s, not ${least} to ${most} ms`)
      assert.equal(await faultsOf(ready.body.playback.hls), '')
      const mp4 = await probe(ready.body.downloads.default)
      assert.deepEqual(mp4.streams.map(({ codec_name }) => codec_name).sort(), ['aac', 'h264'])
      assert.ok(Math.abs(mp4.seconds - seconds) < 0.5, `${mp4.seconds} for ${seconds}`)
    })
  }

  test('any token as mid, bundle-only sections, and trickle', async (t) => {
    const media = await given(t)
    const rows = [{ mids: ['video1', 'audio0'] }, { bundleOnly: true }, { trickle: true, mids: ['v', 'a'] }]
    await Promise.all(
      rows.map(async (options) => {
        const input = await media.createInput()
        const publisher = publishWhip(t, input.webRTC.url, options)
        await until(`it is live with ${JSON.stringify(options)}`, () => media.lives.isLive(input.uid)).catch((error) =>
          assert.fail(`${error.message}\n${publisher.all()}`),
        )
        if (options.trickle) assert.equal(publisher.said('patched'), '204')
      }),
    )
  })

  test('turning the phone goes on in the same playlist, across a discontinuity', async (t) => {
    const media = await given(t, { timeoutSeconds: 3 })
    const input = await media.createInput()
    const publisher = publishWhip(t, input.webRTC.url, { size: '320x180' })
    await until('two segments', async () => segmentsOf((await get(input.playback.hls)).text).length >= 2)
    publisher.order('size 180x320')
    const text = await until('there is a discontinuity', async () => {
      const { text } = await get(input.playback.hls)
      return /#EXT-X-DISCONTINUITY\n/.test(text) ? text : undefined
    })
    assert.equal(text.match(/#EXT-X-MAP:/g)?.length, 2)
    const broadcast = media.lives.broadcastOf(input.uid)
    assert.deepEqual(media.hooks.events(), ['live_input.connected'])
    publisher.order('delete')
    const ready = await until('the video is ready', () => media.hooks.find('video.ready'))
    assert.equal(ready.body.uid, broadcast?.video.uid)
    const sizes = []
    for (const run of ['r0', 'r1']) {
      const playlist = await get(ready.body.playback.hls)
      assert.ok(playlist.text.includes(`${run}/init.mp4`))
      sizes.push(await sizeOf(ready.body.playback.hls, run))
    }
    assert.deepEqual(sizes, ['320x180', '180x320'])
    await until('the MP4 is made', () => media.logged.find(({ event }) => event === 'mp4.ready'), 20)
  })

  test('a publisher that vanishes is noticed, and its return goes on in the same broadcast', async (t) => {
    const media = await given(t, { timeoutSeconds: 10, silenceSeconds: 3 })
    const input = await media.createInput()
    const first = publishWhip(t, input.webRTC.url)
    await until('it is live', async () => segmentsOf((await get(input.playback.hls)).text).length >= 1)
    first.kill()
    const vanished = Date.now()
    const gone = await until('the loss is told', () => media.hooks.find('live_input.disconnected'))
    assert.ok(Date.now() - vanished < 5000)
    assert.equal(gone.body.data.reason, 'lost')
    const second = publishWhip(t, input.webRTC.url)
    await until('it is told that it is back', () => media.hooks.events().length === 3)
    await until('there is a discontinuity', async () =>
      /#EXT-X-DISCONTINUITY\n/.test((await get(input.playback.hls)).text),
    )
    second.order('delete')
    await until('the video is ready', () => media.hooks.find('video.ready'))
    const events = ['connected', 'disconnected', 'connected', 'disconnected'].map((event) => `live_input.${event}`)
    assert.deepEqual(media.hooks.events(), [...events, 'video.ready'])
    assert.equal((await media.api('GET', `/live_inputs/${input.uid}/videos`)).body.result.length, 1)
  })

  test('a second POST is refused while the first sends, and takes over when it is silent', async (t) => {
    const media = await given(t)
    const input = await media.createInput()
    const first = publishWhip(t, input.webRTC.url)
    await until('it is live', () => media.lives.isLive(input.uid))
    const refused = publishWhip(t, input.webRTC.url)
    assert.equal(await until('it is answered', () => refused.said('status')), '409')
    first.order('silence')
    await until('it is silent', () => !media.lives.isTaken(input.uid))
    const second = publishWhip(t, input.webRTC.url)
    assert.equal(await until('it is answered', () => second.said('status')), '201')
    await until('it sends', () => media.lives.isLive(input.uid) && media.lives.isTaken(input.uid))
    const resource = /** @type {string} */ (first.said('resource'))
    const headers = { 'content-type': 'application/trickle-ice-sdpfrag' }
    assert.equal((await fetch(resource, { method: 'PATCH', headers })).status, 404)
    assert.equal((await fetch(resource, { method: 'DELETE' })).status, 200)
    assert.ok(media.lives.isLive(input.uid), 'it ends nothing but its own session')
    assert.ok(!media.hooks.events().includes('live_input.disconnected'))
  })
})
