/** HLS and MP4 for viewers: by input uid what is on now, by video uid one broadcast, live and later its recording. */
import { readFile } from 'node:fs/promises'
import { HttpError, reply, replyJson, sendFile } from './http.js'
import { prefixed, runName, segmentName } from './playlist.js'

/** A playlist that has no segment yet is waited for: hls.js takes a 404 for final. */
const patience = 10_000

const hls = { 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': 'no-store' }
// A segment never changes under its name.
const forever = { 'cache-control': 'public, max-age=31536000, immutable' }

/**
 * @typedef {object} Parts
 * @property {import('./inputs.js').Inputs} inputs
 * @property {import('./videos.js').Videos} videos
 * @property {import('./lives.js').Lives} lives
 *
 * @typedef {import('./http.js').Request} Request
 * @typedef {import('./http.js').Response} Response
 */

/**
 * GET /{uid}/manifest/video.m3u8
 * @param {Parts} parts
 * @param {Request} request
 * @param {Response} response
 * @param {string} uid of an input or a video
 */
export async function sendPlaylist({ inputs, videos, lives }, request, response, uid) {
  const isInput = inputs.get(uid) !== undefined
  const broadcast = isInput ? lives.playing(uid) : lives.broadcast(uid)
  if (broadcast) {
    if (!(await broadcast.hasSegment(patience)) && !broadcast.ending) {
      throw new HttpError(503, 'The stream is just beginning. Please try again in a moment.', { 'retry-after': '1' })
    }
    // From below /{input}/manifest/ the segments are those of the broadcast that is on.
    const text = broadcast.playlist(isInput ? `../../${broadcast.video.uid}/manifest/` : '')
    if (text) return reply(response, 200, hls, text)
  }
  if (isInput) return reply(response, 204, { 'cache-control': 'no-store' })
  const video = videos.get(uid)
  if (video?.state !== 'ready') throw new HttpError(404, 'There is no such recording.')
  await sendFile(request, response, videos.path(uid, 'video.m3u8'), hls)
}

/**
 * GET /mux/{playbackId}.m3u8: a live stream's is what is on now, an asset's one broadcast, live and later its recording.
 * @param {Parts} parts
 * @param {Request} request
 * @param {Response} response
 * @param {string} id
 */
export async function sendMuxPlaylist({ inputs, videos, lives }, request, response, id) {
  const has = (/** @type {{ mux?: { playbackIds: { id: string }[] } }} */ { mux }) =>
    mux?.playbackIds.some((playback) => playback.id === id)
  const input = inputs.all().find(has)
  const video = videos.all().find(has)
  if (!input && !video) throw new HttpError(404, 'There is no such stream.')
  const broadcast = input ? lives.playing(input.uid) : video && lives.broadcast(video.uid)
  const uid = broadcast?.video.uid ?? video?.uid
  const text = broadcast?.playlist(`../${uid}/manifest/`)
  if (text) return reply(response, 200, hls, text)
  if (video?.state === 'ready') {
    const recording = await readFile(videos.path(video.uid, 'video.m3u8'), 'utf8')
    return reply(response, 200, hls, prefixed(recording, `../${uid}/manifest/`))
  }
  throw new HttpError(412, 'The live stream is not active.')
}

/**
 * GET /{videoUid}/manifest/{run}/{segment}
 * @param {Parts} parts
 * @param {Request} request
 * @param {Response} response
 * @param {[uid: string, run: string, segment: string]} where
 */
export async function sendSegment({ videos }, request, response, [uid, run, segment]) {
  if (!videos.get(uid) || !runName.test(run) || !segmentName.test(segment)) {
    throw new HttpError(404, 'There is no such segment.')
  }
  await sendFile(request, response, videos.path(uid, run, segment), { 'content-type': 'video/mp4', ...forever })
}

/**
 * GET /{videoUid}/downloads/default.mp4
 * @param {Parts} parts
 * @param {Request} request
 * @param {Response} response
 * @param {string} uid
 */
export async function sendDownload({ videos }, request, response, uid) {
  const video = videos.get(uid)
  if (!video || video.state === 'error') throw new HttpError(404, 'There is no such recording.')
  if (video.download === 'failed')
    throw new HttpError(404, 'No file could be made of this recording; it can be watched.')
  if (video.download !== 'ready') {
    throw new HttpError(503, 'The file is still being prepared. Please try again in a minute.', { 'retry-after': '10' })
  }
  const name = encodeURIComponent(`${video.meta.name}.mp4`).replace(/['()*]/g, '')
  await sendFile(request, response, videos.path(uid, 'recording.mp4'), {
    'content-type': 'video/mp4',
    'cache-control': 'public, max-age=3600',
    'content-disposition': `attachment; filename="recording.mp4"; filename*=UTF-8''${name}`,
  })
}

/**
 * GET /{uid}/lifecycle
 * @param {Parts} parts
 * @param {Response} response
 * @param {string} uid
 */
export function sendLifecycle({ inputs, videos, lives }, response, uid) {
  if (inputs.get(uid)) {
    const broadcast = lives.broadcastOf(uid)
    const live = lives.isLive(uid)
    return replyJson(response, 200, { isInput: true, videoUID: broadcast?.video.uid ?? null, live })
  }
  const video = videos.get(uid)
  if (!video) throw new HttpError(404, 'There is no such stream.')
  replyJson(response, 200, { isInput: false, videoUID: uid, live: video.state === 'live' })
}
