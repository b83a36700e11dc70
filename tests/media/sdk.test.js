/** The official SDKs, as they are, against the provider APIs; and what these answer against the SDKs' types. */
import Mux from '@mux/mux-node'
import Cloudflare from 'cloudflare'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assetView, streamView } from '../../media/mux.js'
import { inputView, videoView } from '../../media/payloads.js'
import { apiToken, given, muxSettings, publishRtmp, secrets, until } from './media.js'

/**
 * Checked by the compiler. Where Cloudflare's own examples have null, its types know only that a field is missing; and
 * DASH is not served, so that there is no address for it.
 * @typedef {Omit<Cloudflare.Stream.LiveInput, 'playback' | 'deleteRecordingAfterDays'> &
 *   { playback: { hls: string }, deleteRecordingAfterDays: number | null }} LiveInput
 * @typedef {Omit<Cloudflare.Stream.Video, Nullable | 'playback'> &
 *   { [K in Nullable]?: Cloudflare.Stream.Video[K] | null } & { playback: { hls: string } }} Video
 * @typedef {'creator' | 'readyToStreamAt' | 'scheduledDeletion' | 'uploadExpiry' | 'maxSizeBytes' | 'maxDurationSeconds' |
 *   'watermark' | 'clippedFrom'} Nullable
 *
 * @type {{ input: (...of: Parameters<typeof inputView>) => LiveInput, video: (...of: Parameters<typeof videoView>) => Video,
 *   stream: (...of: Parameters<typeof streamView>) => Mux.Video.LiveStream,
 *   asset: (...of: Parameters<typeof assetView>) => Mux.Video.Asset }}
 */
const typed = { input: inputView, video: videoView, stream: streamView, asset: assetView }
void typed

const account_id = 'local'

test('cloudflare: live inputs, outputs, keys, videos, the webhook', async (t) => {
  const media = await given(t)
  const { stream } = new Cloudflare({ apiToken, baseURL: `${media.url}/client/v4`, maxRetries: 0 })
  const client = new Cloudflare({ apiToken, baseURL: `${media.url}/client/v4`, maxRetries: 0 })
  const { liveInputs } = stream
  const create = () =>
    liveInputs.create({
      account_id,
      meta: { name: 'Service for A. Example', streamId: 'st_1' },
      recording: { mode: 'automatic' },
      'Idempotency-Key': 'st_1',
    })
  const [input, again] = await Promise.all([create(), create()])
  assert.equal(again.uid, input.uid)
  const uid = String(input.uid)
  assert.deepEqual((await liveInputs.get(uid, { account_id })).rtmps, input.rtmps)
  const listed = await liveInputs.list({ account_id })
  assert.deepEqual(listed.liveInputs?.[0].meta, input.meta)

  const output = await liveInputs.outputs.create(uid, { account_id, url: 'rtmp://127.0.0.1:1/app', streamKey: 'k' })
  /** @type {Cloudflare.Stream.LiveInputs.Output[]} */
  const outputs = []
  for await (const one of liveInputs.outputs.list(uid, { account_id })) outputs.push(one)
  assert.deepEqual(outputs, [output])
  const of = { account_id, live_input_identifier: uid }
  const changed = await liveInputs.outputs.update(String(output.uid), { ...of, enabled: false })
  assert.equal(changed.enabled, false)
  await liveInputs.outputs.delete(String(output.uid), of)

  /** @type {any} */
  const rotated = await client.post(`/accounts/${account_id}/stream/live_inputs/${uid}/rotate_keys`, { body: {} })
  const { streamKey, url } = rotated.result.rtmps
  assert.notEqual(streamKey, input.rtmps?.streamKey)
  assert.equal(await publishRtmp(url + streamKey, { seconds: 2 }).ended, 0)
  const { body } = await until('the recording is there', () => media.hooks.find('video.ready'))
  /** @type {any} */
  const videos = await client.get(`/accounts/${account_id}/stream/live_inputs/${uid}/videos`)
  assert.equal(videos.result[0].uid, body.uid)
  const found = []
  for await (const video of stream.list({ account_id, live_input_id: uid })) found.push(video.uid)
  assert.deepEqual(found, [body.uid])
  assert.equal((await stream.get(body.uid, { account_id })).status?.state, 'ready')
  const webhook = await stream.webhooks.get({ account_id })
  assert.equal(webhook.notificationUrl, media.hooks.url)

  await stream.delete(body.uid, { account_id })
  await assert.rejects(stream.get(body.uid, { account_id }), Cloudflare.NotFoundError)
  await liveInputs.delete(uid, { account_id })
  await assert.rejects(liveInputs.get(uid, { account_id }), Cloudflare.NotFoundError)
  await assert.rejects(create(), Cloudflare.ConflictError)
  const stranger = new Cloudflare({ apiToken: 'wrong', baseURL: `${media.url}/client/v4`, maxRetries: 0 })
  await assert.rejects(stranger.stream.liveInputs.list({ account_id }), Cloudflare.AuthenticationError)
})

test('mux: live streams, assets, signed webhooks', async (t) => {
  const media = await given(t)
  const options = { tokenId: 'any', baseURL: `${media.url}/mux`, maxRetries: 0 }
  const mux = new Mux({ ...options, tokenSecret: apiToken, webhookSecret: secrets.muxWebhookSecret })
  const { liveStreams, assets } = mux.video
  /** @type {Mux.Video.LiveStreamCreateParams} */
  const settings = /** @type {any} */ (muxSettings)
  const stream = await liveStreams.create(settings)
  assert.equal(stream.passthrough, 'st_1')
  const marks = []
  for await (const { passthrough } of liveStreams.list()) marks.push(passthrough)
  assert.deepEqual(marks, ['st_1'])

  const { ingest_url } = /** @type {any} */ (stream)
  assert.equal(await publishRtmp(`${ingest_url}/${stream.stream_key}`, { seconds: 2 }).ended, 0)
  const done = await until('it is complete', () => media.hooks.find('video.asset.live_stream_completed'))
  const headers = Object.fromEntries(Object.entries(done.headers).map(([name, value]) => [name, String(value)]))
  const event = await mux.webhooks.unwrap(done.text, headers)
  assert.equal(event.type, 'video.asset.live_stream_completed')
  await assert.rejects(mux.webhooks.unwrap(`${done.text} `, headers))
  const retrieved = await liveStreams.retrieve(stream.id)
  const [assetId] = retrieved.recent_asset_ids ?? []
  assert.equal((await assets.retrieve(assetId)).duration, done.body.data.duration)
  const found = []
  for await (const { id } of assets.list({ live_stream_id: stream.id })) found.push(id)
  assert.deepEqual(found, [assetId])

  await liveStreams.disable(stream.id)
  assert.equal((await liveStreams.retrieve(stream.id)).status, 'disabled')
  await liveStreams.enable(stream.id)
  await liveStreams.complete(stream.id)
  assert.notEqual((await liveStreams.resetStreamKey(stream.id)).stream_key, stream.stream_key)
  assert.equal((await liveStreams.update(stream.id, { reconnect_window: 7 })).reconnect_window, 7)
  await assets.delete(assetId)
  await assert.rejects(assets.retrieve(assetId), Mux.NotFoundError)
  await liveStreams.delete(stream.id)
  await assert.rejects(liveStreams.retrieve(stream.id), Mux.NotFoundError)
  await assert.rejects(liveStreams.create(/** @type {any} */ ({ latency_mode: 'x' })), Mux.BadRequestError)
  await assert.rejects(new Mux({ ...options, tokenSecret: 'wrong' }).video.assets.list(), Mux.AuthenticationError)
})
