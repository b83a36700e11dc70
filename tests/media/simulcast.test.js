import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import {
  commandLines,
  faultsOf,
  get,
  given,
  muxSettings,
  probe,
  publishRtmp,
  publishWhip,
  secondsOf,
  secrets,
  until,
} from './media.js'

/** The Mux events there were, without the prefix. @param {Awaited<ReturnType<typeof given>>} media */
const muxEvents = ({ hooks }) =>
  hooks.taken.filter(({ body }) => body.type).map(({ body }) => body.type.replace(/^video\./, ''))

/**
 * A live input with an output to a Mux live stream of the same server.
 * @param {Awaited<ReturnType<typeof given>>} media
 */
async function withBackup(media, settings = {}) {
  const { data: stream } = await media.mux('POST', '/live-streams', { ...muxSettings, ...settings })
  const input = await media.createInput()
  const { body } = await media.api('POST', `/live_inputs/${input.uid}/outputs`, {
    url: stream.ingest_url,
    streamKey: stream.stream_key,
  })
  return { stream, input, output: body.result }
}

// Most of their time is waiting.
describe('outputs and the Mux API', { concurrency: 2 }, () => {
  for (const codec of ['H264', 'VP8']) {
    test(`${codec} by WHIP reaches a Mux live stream, and both make a recording`, async (t) => {
      const media = await given(t)
      const { stream, input } = await withBackup(media)
      const live = `${media.url}/mux/${stream.playback_ids[0].id}.m3u8`
      assert.equal((await get(live)).status, 412)

      const publisher = publishWhip(t, input.webRTC.url, { codec })
      const active = await until('it is active', () => media.hooks.find('video.live_stream.active'))
      assert.ok(!commandLines().includes(stream.stream_key), 'whoever is on this machine can read it')
      assert.equal(active.body.data.status, 'active')
      assert.equal(active.body.object.id, stream.id)
      assert.equal((await media.mux('GET', `/live-streams/${stream.id}`)).data.status, 'active')
      const playlist = await get(live)
      assert.equal(playlist.status, 200)
      assert.doesNotMatch(playlist.text, /ENDLIST/)
      const begin = await until('its beginning can be played', () => media.hooks.find('video.asset.ready'))
      assert.equal(begin.body.data.is_live, true)
      assert.ok(begin.body.data.duration > 0)
      const asset = `${media.url}/mux/${begin.body.data.playback_ids[0].id}.m3u8`
      assert.equal((await get(asset)).status, 200)
      await until('some seconds are there', async () => secondsOf((await get(live)).text) > 3)
      publisher.order('delete')

      const done = await until('the asset is complete', () => media.hooks.find('video.asset.live_stream_completed'))
      const { data } = done.body
      assert.deepEqual([data.status, data.is_live, data.passthrough], ['ready', false, 'st_1'])
      assert.equal(data.live_stream_id, stream.id)
      const documented = ['live_stream.created', 'live_stream.connected', 'asset.created', 'live_stream.recording']
      documented.push('live_stream.active', 'asset.ready', 'live_stream.disconnected', 'live_stream.idle')
      assert.deepEqual(muxEvents(media), [...documented, 'asset.live_stream_completed'])
      const idle = media.hooks.find('video.live_stream.idle')
      assert.deepEqual([idle?.body.data.status, idle?.body.data.active_asset_id], ['idle', data.id])

      const recording = await get(asset)
      assert.match(recording.text, /ENDLIST/)
      assert.ok(Math.abs(secondsOf(recording.text) - data.duration) < 0.01)
      assert.equal(await faultsOf(asset), '')
      const { streams } = await probe(asset)
      assert.deepEqual(streams.map(({ codec_name }) => codec_name).sort(), ['aac', 'h264'])
      assert.deepEqual((await media.mux('GET', `/assets?live_stream_id=${stream.id}`)).data[0].id, data.id)
      await until('the other recording is there', () => media.hooks.find('video.ready'))
      assert.equal(media.logged.find(({ event }) => event === 'output.started')?.video_codec, codec)

      const [, time, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(done.headers['mux-signature'])) ?? []
      const own = createHmac('sha256', secrets.muxWebhookSecret).update(`${time}.`).update(done.text).digest('hex')
      assert.equal(hex, own)
      const logged = JSON.stringify(media.logged)
      for (const secret of [stream.stream_key, input.rtmps.streamKey]) assert.ok(!logged.includes(secret))
    })
  }

  test('a publisher that returns within the reconnect window goes on in the same asset', async (t) => {
    const media = await given(t)
    const { data: stream } = await media.mux('POST', '/live-streams', { ...muxSettings, reconnect_window: 20 })
    const push = () => publishRtmp(`${stream.ingest_url}/${stream.stream_key}`, { seconds: 3 })
    assert.equal(await push().ended, 0)
    await until('it is told', () => media.hooks.find('video.live_stream.disconnected'))
    const { data: waiting } = await media.mux('GET', `/live-streams/${stream.id}`)
    assert.equal(waiting.status, 'active')
    assert.equal(await push().ended, 0)
    await until('it is told again', () => muxEvents(media).filter((event) => /disconnected/.test(event)).length === 2)
    assert.equal((await media.mux('PUT', `/live-streams/${stream.id}/complete`)).status, 200)
    const done = await until('it is complete', () => media.hooks.find('video.asset.live_stream_completed'))
    assert.equal(done.body.data.id, waiting.active_asset_id)
    assert.ok(done.body.data.duration > 5, String(done.body.data.duration))
    assert.equal(muxEvents(media).filter((event) => event === 'asset.created').length, 1)
    const { data: after } = await media.mux('GET', `/live-streams/${stream.id}`)
    assert.deepEqual([after.status, after.active_asset_id], ['idle', undefined])
    assert.deepEqual(after.recent_asset_ids, [waiting.active_asset_id])
  })

  test('an output is added, switched off and removed while it is live', async (t) => {
    const media = await given(t)
    const input = await media.createInput()
    const { data: stream } = await media.mux('POST', '/live-streams', muxSettings)
    const publisher = publishRtmp(input.rtmps.url + input.rtmps.streamKey)
    t.after(publisher.kill)
    await until('it is live', () => media.lives.isLive(input.uid))
    const outputs = `/live_inputs/${input.uid}/outputs`
    const target = { url: stream.ingest_url, streamKey: stream.stream_key }
    const { body } = await media.api('POST', outputs, target)
    const { uid } = body.result
    assert.deepEqual(body.result, { uid, ...target, enabled: true })
    assert.deepEqual((await media.api('GET', outputs)).body.result, [body.result])
    const connections = (/** @type {string} */ event) =>
      muxEvents(media).filter((other) => other === `live_stream.${event}`).length
    await until('it arrives', () => connections('connected') === 1)
    assert.equal((await media.api('PUT', `${outputs}/${uid}`, { enabled: false })).body.result.enabled, false)
    await until('it ends', () => connections('disconnected') === 1)
    await media.api('PUT', `${outputs}/${uid}`, { enabled: true })
    await until('it is back', () => connections('connected') === 2)
    assert.equal((await media.api('DELETE', `${outputs}/${uid}`)).status, 200)
    await until('it ends for good', () => connections('disconnected') === 2)
    assert.ok(media.lives.isLive(input.uid))
    for (const [wrong, status] of /** @type {[any, number][]} */ ([
      [{ ...target, url: 'http://127.0.0.1/' }, 400],
      [{ ...target, url: 'rtmp://127.0.0.1/live -f null' }, 400],
      [{ ...target, streamKey: '' }, 400],
      [{ ...target, enabled: 1 }, 400],
    ])) {
      assert.equal((await media.api('POST', outputs, wrong)).status, status, JSON.stringify(wrong))
    }
  })

  test('rotated keys: the old one is refused, its publisher is sent away, the new one works', async (t) => {
    const media = await given(t)
    const input = await media.createInput()
    const first = publishRtmp(input.rtmps.url + input.rtmps.streamKey)
    t.after(first.kill)
    await until('it is live', () => media.lives.isLive(input.uid))
    const { body } = await media.api('POST', `/live_inputs/${input.uid}/rotate_keys`, {})
    const { rtmps, webRTC, keysRotatedAt, uid } = body.result
    assert.equal(uid, input.uid)
    assert.ok(keysRotatedAt)
    assert.notEqual(rtmps.streamKey, input.rtmps.streamKey)
    assert.ok(webRTC.url.includes(rtmps.streamKey))
    assert.notEqual(await first.ended, 0)
    assert.notEqual(await publishRtmp(input.rtmps.url + input.rtmps.streamKey, { seconds: 2 }).ended, 0)
    assert.equal(await publishRtmp(rtmps.url + rtmps.streamKey, { seconds: 2 }).ended, 0)
  })

  test('the Mux API: what it refuses, finds and deletes', async (t) => {
    const media = await given(t)
    const { status, data: stream } = await media.mux('POST', '/live-streams', muxSettings)
    assert.equal(status, 201)
    assert.match(stream.created_at, /^\d+$/)
    assert.deepEqual(stream.new_asset_settings, muxSettings.new_asset_settings)
    const { data: other } = await media.mux('POST', '/live-streams', { ...muxSettings, passthrough: 'st_2' })
    const all = (await media.mux('GET', '/live-streams')).data
    assert.deepEqual(all.map((/** @type {any} */ { passthrough }) => passthrough).sort(), ['st_1', 'st_2'])
    assert.equal((await media.mux('GET', '/live-streams?limit=1&page=2')).data.length, 1)
    assert.equal((await media.mux('GET', '/live-streams?limit=1&page=3')).data.length, 0)
    assert.equal((await media.mux('GET', `/live-streams?stream_key=${other.stream_key}`)).data[0].id, other.id)
    for (const body of [{ reconnect_window: 1801 }, { latency_mode: 'none' }, { playback_policies: ['secret'] }, []]) {
      const refused = await media.mux('POST', '/live-streams', body)
      assert.equal(refused.status, 400, JSON.stringify(body))
      assert.equal(refused.error.type, 'invalid_parameters')
    }
    assert.equal((await media.mux('GET', '/live-streams/none')).error.type, 'not_found')
    assert.equal((await fetch(`${media.url}/mux/video/v1/live-streams`)).status, 401)

    const renewed = (await media.mux('POST', `/live-streams/${stream.id}/reset-stream-key`)).data
    assert.notEqual(renewed.stream_key, stream.stream_key)
    assert.notEqual(await publishRtmp(`${stream.ingest_url}/${stream.stream_key}`, { seconds: 2 }).ended, 0)
    await media.mux('PUT', `/live-streams/${stream.id}/disable`)
    assert.notEqual(await publishRtmp(`${stream.ingest_url}/${renewed.stream_key}`, { seconds: 2 }).ended, 0)
    assert.equal((await media.mux('GET', `/live-streams/${stream.id}`)).data.status, 'disabled')
    await media.mux('PUT', `/live-streams/${stream.id}/enable`)
    assert.equal((await media.mux('DELETE', `/live-streams/${stream.id}`)).status, 204)
    assert.equal((await media.mux('GET', `/live-streams/${stream.id}`)).status, 404)
    const told = ['created', 'created', 'disabled', 'enabled', 'deleted'].map((event) => `live_stream.${event}`)
    await until('all is told', () => muxEvents(media).length === told.length)
    assert.deepEqual(muxEvents(media), told)
    assert.equal((await media.api('GET', '/live_inputs')).body.result.total, 0, 'Cloudflare knows nothing of it')
  })
})
