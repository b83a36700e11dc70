/**
 * Live streams and assets as Mux Video has them. A live stream is a live input with `mux`, an asset a video with `mux`:
 * what happens to media is the same.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { durationOf } from './playlist.js'

/**
 * @typedef {{ id: string, policy: 'public' }} PlaybackId
 *
 * @typedef {object} MuxStream
 * @property {string} id
 * @property {string} streamKey secret
 * @property {PlaybackId[]} playbackIds
 * @property {'idle' | 'active' | 'disabled'} status
 * @property {boolean} connected
 * @property {boolean} recording
 * @property {number} created Unix time
 * @property {string} [activeAssetId]
 * @property {string[]} recentAssetIds
 * @property {StreamSettings} settings
 *
 * @typedef {object} StreamSettings as they were asked for, with their defaults
 * @property {string} [passthrough]
 * @property {'standard' | 'reduced' | 'low'} latency_mode
 * @property {number} reconnect_window
 * @property {number} max_continuous_duration
 * @property {boolean} test
 * @property {boolean} [use_slate_for_standard_latency]
 * @property {'public'[]} playback_policies
 * @property {{ playback_policies?: 'public'[], passthrough?: string, meta?: Record<string, string> }} new_asset_settings
 *
 * @typedef {object} MuxAsset
 * @property {string} id
 * @property {string} liveStreamId
 * @property {PlaybackId[]} playbackIds
 * @property {number} created Unix time
 * @property {boolean} ready there is something to play
 * @property {boolean} told its end has been told
 * @property {string} [passthrough]
 * @property {Record<string, string>} [meta]
 */

const newId = () => randomBytes(30).toString('base64url').replace(/[-_]/g, '0')
const unixNow = () => Math.floor(Date.now() / 1000)

/** @param {'public'[]} policies @returns {PlaybackId[]} */
const playbackIds = (policies) => policies.map(() => ({ id: newId(), policy: 'public' }))

/** @param {StreamSettings} settings @returns {MuxStream} */
export const newStream = (settings) => ({
  id: newId(),
  streamKey: randomUUID(),
  playbackIds: playbackIds(settings.playback_policies),
  status: 'idle',
  connected: false,
  recording: false,
  created: unixNow(),
  recentAssetIds: [],
  settings,
})

/** @param {MuxStream} stream @returns {MuxAsset} */
export function newAsset({ id, settings: { new_asset_settings: asset } }) {
  return {
    id: newId(),
    liveStreamId: id,
    playbackIds: playbackIds(asset.playback_policies ?? []),
    created: unixNow(),
    ready: false,
    told: false,
    passthrough: asset.passthrough,
    meta: asset.meta,
  }
}

/**
 * The settings in the body of a create or update request; those it leaves out keep their value.
 * @param {any} body
 * @param {StreamSettings} [before]
 * @returns {StreamSettings | string[]} or what is wrong
 */
export function readStreamSettings(body, before) {
  const isObject = (/** @type {unknown} */ x) => typeof x === 'object' && x !== null && !Array.isArray(x)
  if (!isObject(body)) return ['The body must be a JSON object.']
  /** @type {string[]} */
  const faults = []
  const check = (/** @type {boolean} */ fine, /** @type {string} */ fault) => void (fine || faults.push(fault))
  const policiesOf = (/** @type {any} */ from) =>
    from.playback_policies ?? (from.playback_policy && [from.playback_policy].flat())
  const isText = (/** @type {unknown} */ x) => x === undefined || (typeof x === 'string' && x.length <= 255)
  const isPolicies = (/** @type {unknown} */ x) => Array.isArray(x) && x.every((policy) => policy === 'public')

  const latency_mode = body.latency_mode ?? before?.latency_mode ?? 'standard'
  const reconnect_window = body.reconnect_window ?? before?.reconnect_window ?? (latency_mode === 'standard' ? 60 : 0)
  const asset = body.new_asset_settings ?? before?.new_asset_settings ?? {}
  check(['standard', 'reduced', 'low'].includes(latency_mode), 'latency_mode must be standard, reduced or low')
  check(reconnect_window >= 0 && reconnect_window <= 1800, 'reconnect_window must be from 0 to 1800 seconds')
  check(isText(body.passthrough), 'passthrough must be a text of at most 255 characters')
  check(isObject(asset), 'new_asset_settings must be an object')
  const policies = policiesOf(body) ?? before?.playback_policies ?? []
  const assetPolicies = (isObject(asset) && policiesOf(asset)) || []
  for (const list of [policies, assetPolicies])
    check(isPolicies(list), "playback_policies: only 'public' is known here")
  if (isObject(asset)) check(isText(asset.passthrough), 'new_asset_settings.passthrough must be a text')
  if (faults.length) return faults
  const { passthrough, meta } = asset
  const slate = body.use_slate_for_standard_latency ?? before?.use_slate_for_standard_latency
  return {
    passthrough: body.passthrough ?? before?.passthrough,
    latency_mode,
    reconnect_window,
    max_continuous_duration: body.max_continuous_duration ?? before?.max_continuous_duration ?? 43_200,
    test: body.test === true || (before?.test ?? false),
    use_slate_for_standard_latency: slate,
    playback_policies: policies,
    new_asset_settings: { playback_policies: assetPolicies, passthrough, ...(isObject(meta) && { meta }) },
  }
}

/** Data of both the API's answers and the webhooks. @param {MuxStream} stream */
function streamData({ id, streamKey, playbackIds, status, activeAssetId, recentAssetIds, settings }) {
  const { passthrough, latency_mode, reconnect_window, max_continuous_duration, test } = settings
  return {
    id,
    stream_key: streamKey,
    status,
    playback_ids: playbackIds,
    passthrough,
    latency_mode,
    reconnect_window,
    max_continuous_duration,
    test,
    use_slate_for_standard_latency: settings.use_slate_for_standard_latency,
    new_asset_settings: settings.new_asset_settings,
    ...(activeAssetId && { active_asset_id: activeAssetId }),
    ...(recentAssetIds.length && { recent_asset_ids: recentAssetIds }),
  }
}

/**
 * @param {MuxStream} stream
 * @param {string} ingestUrl where to push to; Mux has a constant for it, and none in its answer
 */
export const streamView = (stream, ingestUrl) => ({
  ...streamData(stream),
  created_at: String(stream.created),
  ...(stream.connected && { active_ingest_protocol: /** @type {const} */ ('rtmp') }),
  ...(ingestUrl && { ingest_url: ingestUrl }),
})

/** @param {MuxStream} stream */
export const streamNotice = (stream) => ({
  ...streamData(stream),
  created_at: stream.created,
  connected: stream.connected,
  recording: stream.recording,
})

/**
 * @param {import('./videos.js').Video & { mux: MuxAsset }} video
 * @param {import('./broadcast.js').Broadcast | null} broadcast while it is on
 */
export function assetData(video, broadcast) {
  const { mux, state, width, height } = video
  const live = state === 'live' || state === 'ending'
  const status = state === 'error' ? 'errored' : mux.ready || state === 'ready' ? 'ready' : 'preparing'
  const seconds = live ? durationOf(broadcast?.runs ?? []) : video.duration
  const common = { status: /** @type {const} */ ('ready'), duration: seconds }
  return {
    id: mux.id,
    status: /** @type {'preparing' | 'ready' | 'errored'} */ (status),
    live_stream_id: mux.liveStreamId,
    is_live: live,
    passthrough: mux.passthrough,
    playback_ids: mux.playbackIds,
    meta: mux.meta,
    encoding_tier: /** @type {const} */ ('smart'),
    max_resolution_tier: /** @type {const} */ ('1080p'),
    master_access: /** @type {const} */ ('none'),
    mp4_support: /** @type {const} */ ('none'),
    ingest_type: /** @type {const} */ ('live_rtmp'),
    progress: progressOf[live ? 'live' : state === 'error' ? 'errored' : 'completed'],
    ...(status === 'ready' && {
      duration: seconds,
      ...(width > 0 && { aspect_ratio: ratioOf(width, height) }),
      tracks: [
        {
          id: `${mux.id}v`,
          type: /** @type {const} */ ('video'),
          ...common,
          ...(width > 0 && { max_width: width, max_height: height }),
        },
        { id: `${mux.id}a`, type: /** @type {const} */ ('audio'), ...common, primary: true },
      ],
    }),
    ...(video.error && { errors: { type: 'invalid_input', messages: [video.error.text] } }),
  }
}

const progressOf = {
  live: { state: /** @type {const} */ ('live'), progress: -1 },
  errored: { state: /** @type {const} */ ('errored'), progress: 0 },
  completed: { state: /** @type {const} */ ('completed'), progress: 100 },
}

/** @param {Parameters<typeof assetData>} of */
export const assetView = (...of) => assetOf(of, String(of[0].mux.created), of[0].created)

/** The same in a webhook, where times are spelled differently. @param {Parameters<typeof assetData>} of */
export function assetNotice(...of) {
  const ms = Date.parse(of[0].created)
  return assetOf(of, of[0].mux.created, { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 })
}

/**
 * @template C, S
 * @param {Parameters<typeof assetData>} of
 * @param {C} created_at
 * @param {S} started_at
 */
function assetOf(of, created_at, started_at) {
  const data = assetData(...of)
  const { duration } = data
  const content = /** @type {const} */ ('content')
  return { ...data, created_at, ...(duration && { recording_times: [{ started_at, duration, type: content }] }) }
}

function ratioOf(/** @type {number} */ width, /** @type {number} */ height) {
  let [common, rest] = [width, height]
  while (rest) [common, rest] = [rest, common % rest]
  return `${width / common}:${height / common}`
}

/**
 * @param {string} type 'video.live_stream.active'
 * @param {string} id of what it is about
 * @param {unknown} data
 */
export const muxEvent = (type, id, data) => ({
  type,
  id: randomUUID(),
  created_at: new Date().toISOString(),
  object: { type: type.startsWith('video.asset.') ? 'asset' : 'live', id },
  environment: { name: 'Vigil', id: 'vigil' },
  data,
  attempts: [],
  request_id: null,
  accessor: null,
  accessor_source: null,
})
