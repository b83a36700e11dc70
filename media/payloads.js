/** The JSON of Cloudflare Stream: live inputs, videos, notifications. Fields we could not fill honestly are left out. */

/**
 * @typedef {object} Addresses
 * @property {string} publicUrl base of every URL, without a slash at the end
 * @property {string} rtmpUrl 'rtmps://host:port/live/', or rtmp: without RTMPS; '' = neither
 * @property {string} muxIngestUrl 'rtmp://host:port/app', from this machine; '' = no RTMP
 */

/** @param {unknown} result */
export const success = (result) => ({ result, success: true, errors: [], messages: [] })

/** @param {number} code @param {string} message */
export const failure = (code, message) => ({ result: null, success: false, errors: [{ code, message }], messages: [] })

/**
 * @param {import('./inputs.js').LiveInput} input
 * @param {Addresses} addresses
 */
export function inputView(input, { publicUrl, rtmpUrl }) {
  const { uid, secret, status } = input
  const key = `${secret}k${uid}`
  return {
    uid,
    ...(rtmpUrl && { rtmps: { url: rtmpUrl, streamKey: key } }),
    webRTC: { url: `${publicUrl}/${key}/webRTC/publish` },
    webRTCPlayback: { url: `${publicUrl}/${uid}/webRTC/play` },
    playback: { hls: `${publicUrl}/${uid}/manifest/video.m3u8` },
    created: input.created,
    modified: input.modified,
    meta: input.meta,
    defaultCreator: input.defaultCreator,
    status: status && statusView(status),
    recording: input.recording,
    enabled: input.enabled,
    deleteRecordingAfterDays: input.deleteRecordingAfterDays,
    preferLowLatency: input.preferLowLatency,
    ...(input.keysRotatedAt && { keysRotatedAt: input.keysRotatedAt }),
  }
}

/** The documented form. @param {import('./inputs.js').Status} status @returns {'connected' | 'client_disconnect' | 'ttl_exceeded'} */
const statusView = ({ state, reason }) =>
  state === 'connected' ? 'connected' : reason === 'client_disconnect' ? reason : 'ttl_exceeded'

/**
 * As it stands in a list: without any credential.
 * @param {import('./inputs.js').LiveInput} input
 */
export function inputRow({ uid, created, modified, meta, enabled, deleteRecordingAfterDays }) {
  return { uid, created, modified, meta, enabled, deleteRecordingAfterDays }
}

/**
 * @param {import('./videos.js').Video} video
 * @param {Addresses} addresses
 */
export function videoView(video, { publicUrl }) {
  const states = /** @type {const} */ ({
    live: 'live-inprogress',
    ending: 'inprogress',
    ready: 'ready',
    error: 'error',
  })
  return {
    uid: video.uid,
    creator: video.creator,
    readyToStream: video.state === 'ready',
    readyToStreamAt: video.readyAt ?? null,
    status: {
      state: states[video.state],
      ...(video.state === 'ready' && { pctComplete: '100.000000' }),
      ...(video.error
        ? { errReasonCode: video.error.code, errReasonText: video.error.text }
        : { errorReasonCode: '', errorReasonText: '' }),
    },
    meta: video.meta,
    created: video.created,
    modified: video.modified,
    scheduledDeletion: video.scheduledDeletion ?? null,
    size: video.size,
    allowedOrigins: video.allowedOrigins,
    requireSignedURLs: false,
    uploaded: video.created,
    uploadExpiry: null,
    maxSizeBytes: null,
    maxDurationSeconds: null,
    duration: video.duration,
    input: { width: video.width, height: video.height },
    playback: { hls: `${publicUrl}/${video.uid}/manifest/video.m3u8` },
    ...(video.download === 'ready' && { downloads: { default: `${publicUrl}/${video.uid}/downloads/default.mp4` } }),
    watermark: null,
    liveInput: video.liveInput,
    clippedFrom: null,
  }
}

let last = 0n

/** ISO 8601 with nanoseconds; each call is later than the one before, so that texts compare as events happened. */
function instant() {
  const now = BigInt(Date.now()) * 1_000_000n
  last = now > last ? now : last + 1n
  const whole = new Date(Number(last / 1_000_000_000n) * 1000).toISOString().slice(0, 19)
  return `${whole}.${String(last % 1_000_000_000n).padStart(9, '0')}Z`
}

/**
 * @param {string} input uid
 * @param {'connected' | 'disconnected' | 'errored'} event
 * @param {object} [more]
 * @param {{ code: string, message: string, videoCodec: string, audioCodec: string }} [more.error]
 * @param {'stopped' | 'lost'} [more.reason] of a disconnection: whether the publisher said goodbye. Not in Cloudflare's
 * @param {string} [more.video] the broadcast's uid; not in Cloudflare's either
 */
export function notification(input, event, { error, reason, video } = {}) {
  const type = `live_input.${event}`
  const updated = instant()
  const lines = [
    'Notification type: Stream Live Input',
    `Input ID: ${input}`,
    `Event type: ${type}`,
    `Updated at: ${updated}`,
  ]
  if (error) {
    lines.push(`Error Code: ${error.code}`, `Error Message: ${error.message}`)
    lines.push(`Video Codec: ${error.videoCodec}`, `Audio Codec: ${error.audioCodec}`)
  }
  return {
    name: 'Stream live inputs',
    text: lines.join('\n'),
    data: {
      notification_name: 'Stream Live Input',
      input_id: input,
      event_type: type,
      updated_at: updated,
      ...(reason && { reason }),
      ...(video && { video_uid: video }),
      ...(error && {
        live_input_errored: {
          error: { code: error.code, message: error.message },
          video_codec: error.videoCodec,
          audio_codec: error.audioCodec,
        },
      }),
    },
    ts: Math.floor(Date.now() / 1000),
  }
}
