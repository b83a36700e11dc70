import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { faultsOf, get, given, probe, publishRtmp, secondsOf, segmentsOf, until } from './media.js'

// Most of their time is waiting.
describe('publishing by RTMP', { concurrency: 2 }, () => {
  test('RTMP becomes a live playlist, then a recording and an MP4', async (t) => {
    const media = await given(t)
    const input = await media.createInput()
    const { url, streamKey } = input.rtmps
    assert.equal(url, `rtmp://127.0.0.1:${media.rtmpPort}/live/`)

    assert.equal((await get(input.playback.hls)).status, 204)
    const publisher = publishRtmp(url + streamKey, { seconds: 6 })
    await until('it is live', async () =>
      (await get(`${media.url}/${input.uid}/lifecycle`)).text.includes('"live":true'),
    )
    const asked = Date.now()
    const live = await get(input.playback.hls) // held until there is a segment
    assert.equal(live.status, 200)
    assert.ok(Date.now() - asked < 5000)
    assert.equal(live.headers.get('cache-control'), 'no-store')
    assert.equal(live.headers.get('access-control-allow-origin'), '*')
    assert.doesNotMatch(live.text, /ENDLIST/)
    assert.match(live.text, /#EXT-X-PROGRAM-DATE-TIME:/)

    const segment = await fetch(new URL(segmentsOf(live.text)[0], input.playback.hls))
    assert.equal(segment.status, 200)
    assert.match(segment.headers.get('cache-control') ?? '', /immutable/)
    await segment.arrayBuffer()
    const lifecycle = JSON.parse((await get(`${media.url}/${input.uid}/lifecycle`)).text)
    assert.match(lifecycle.videoUID, /^[0-9a-f]{32}$/)
    const status = (await media.api('GET', `/live_inputs/${input.uid}`)).body.result.status
    assert.equal(status, 'connected')
    const [row] = (await media.api('GET', `/live_inputs/${input.uid}/videos`)).body.result
    assert.equal(row.status.state, 'live-inprogress')

    assert.equal(await publisher.ended, 0, publisher.said())
    await until('every player sees it closed', async () => /#EXT-X-ENDLIST/.test((await get(input.playback.hls)).text))
    const ready = await until('the video is ready', () => media.hooks.find('video.ready'))
    assert.deepEqual(media.hooks.events(), ['live_input.connected', 'live_input.disconnected', 'video.ready'])
    assert.equal(ready.body.uid, lifecycle.videoUID)
    assert.equal(ready.body.liveInput, input.uid)
    assert.ok(Math.abs(ready.body.duration - 6) < 1, String(ready.body.duration))
    assert.deepEqual(ready.body.input, { width: 320, height: 180 })

    const vod = await get(ready.body.playback.hls)
    assert.match(vod.text, /#EXT-X-PLAYLIST-TYPE:VOD[^]*#EXT-X-ENDLIST/)
    assert.ok(Math.abs(secondsOf(vod.text) - ready.body.duration) < 0.001)
    assert.equal(await faultsOf(ready.body.playback.hls), '')

    const mp4 = await probe(ready.body.downloads.default)
    assert.ok(Math.abs(mp4.seconds - ready.body.duration) < 0.2, `${mp4.seconds} for ${ready.body.duration}`)
    assert.deepEqual(mp4.streams.map((stream) => stream.codec_name).sort(), ['aac', 'h264'])
    const part = await fetch(ready.body.downloads.default, { headers: { range: 'bytes=4-7' } })
    assert.equal(part.status, 206)
    assert.equal(await part.text(), 'ftyp')
    await until('the input is idle again', async () => (await get(input.playback.hls)).status === 204)
  })

  test('a wrong stream key is refused, and so is a second publisher', async (t) => {
    const media = await given(t)
    const input = await media.createInput()
    const { url, streamKey } = input.rtmps
    for (const key of ['', 'x', '0'.repeat(32) + 'k' + input.uid, streamKey.replace(/^./, 'g')]) {
      const wrong = publishRtmp(url + key, { seconds: 5 })
      assert.notEqual(await wrong.ended, 0, key)
    }
    const first = publishRtmp(url + streamKey)
    t.after(first.kill)
    await until('it is live', () => media.lives.isLive(input.uid))
    const second = publishRtmp(url + streamKey, { seconds: 5 })
    assert.notEqual(await second.ended, 0)
    assert.ok(media.lives.isLive(input.uid))
    const text = JSON.stringify(media.logged)
    assert.ok(!text.includes(streamKey) && !text.includes(streamKey.slice(0, 32)), 'no key is logged')
  })

  test('malformed RTMP closes its own socket and nothing else', async (t) => {
    const media = await given(t)
    const input = await media.createInput()
    const publisher = publishRtmp(input.rtmps.url + input.rtmps.streamKey)
    t.after(publisher.kill)
    await until('it is live', () => media.lives.isLive(input.uid))

    const handshake = Buffer.concat([Buffer.from([3]), Buffer.alloc(2 * 1536)])
    // Type 0 header: timestamp 3, length 3, message type 1, stream id 4 (little endian).
    const message = (/** @type {number} */ type, /** @type {Buffer} */ body, length = body.length) =>
      Buffer.concat([
        Buffer.from([3, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255, type, 0, 0, 0, 0]),
        body,
      ])
    const amf = (/** @type {string} */ text) =>
      Buffer.concat([Buffer.from([2, text.length >> 8, text.length & 255]), Buffer.from(text)])
    const one = Buffer.from([0, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0])
    const tcUrl = Buffer.concat([Buffer.from([3, 0, 5]), Buffer.from('tcUrl'), amf('x'), Buffer.from([0, 0, 9])])
    /** @type {[string, Buffer][]} */
    const rows = [
      ['noise', randomBytes(100_000)],
      ['noise after the handshake', Buffer.concat([handshake, randomBytes(100_000)])],
      [
        'a connect whose tcUrl is no URL',
        Buffer.concat([handshake, message(20, Buffer.concat([amf('connect'), one, tcUrl]))]),
      ],
      ['a message of 16 MB', Buffer.concat([handshake, message(20, Buffer.alloc(10), 0xffffff)])],
      ['chunks of 0 bytes', Buffer.concat([handshake, message(1, Buffer.alloc(4)), message(20, one)])],
      ['AMF that ends early', Buffer.concat([handshake, message(20, Buffer.from([2, 0xff, 0xff, 1]))])],
      ['video without a key', Buffer.concat([handshake, message(9, Buffer.alloc(20))])],
    ]
    for (const [name, bytes] of rows) {
      const socket = connect(media.rtmpPort, '127.0.0.1')
      socket.on('error', () => {})
      socket.resume()
      // These may be the beginning of something, and are given their ten seconds; the rest is closed at once.
      if (/^noise|ends early/.test(name)) socket.end(bytes)
      else socket.write(bytes)
      await until(`the socket is closed: ${name}`, () => socket.destroyed, 5)
    }
    const { text } = await get(input.playback.hls)
    await until('the stream next to it goes on', async () => (await get(input.playback.hls)).text !== text)
  })

  test('picture alone and sound alone can be published', async (t) => {
    const media = await given(t)
    /** @type {[Parameters<typeof publishRtmp>[1], string[]][]} */
    const rows = [
      [{ seconds: 3, sound: false }, ['h264']],
      [{ seconds: 3, picture: false }, ['aac']],
    ]
    await Promise.all(
      rows.map(async ([options, codecs]) => {
        const input = await media.createInput()
        await publishRtmp(input.rtmps.url + input.rtmps.streamKey, options).ended
        const ready = await until('the video is ready', () =>
          media.hooks.taken.find(({ body }) => body.liveInput === input.uid && body.readyToStream),
        )
        const { streams, seconds } = await probe(ready.body.downloads.default)
        assert.deepEqual(
          streams.map((stream) => stream.codec_name),
          codecs,
        )
        assert.ok(Math.abs(seconds - 3) < 1, String(seconds))
      }),
    )
  })
})
