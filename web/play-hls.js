const kBuffer = 30 // seconds

/** @typedef {typeof import('hls.js').default} HlsClass */

const loadLight = async () => /** @type {HlsClass} */ ((await import('hls.js/light')).default)
const loadFull = async () => /** @type {HlsClass} */ ((await import('hls.js')).default)

/**
 * Where the browser plays HLS by itself: iPhones, which have nothing else; and those that can send it to a television by
 * AirPlay, which only their own player can.
 */
const isNative = () => !('MediaSource' in window) || 'WebKitPlaybackTargetAvailabilityEvent' in window

/** Loads what HLS will need, when it is likely to be needed soon. */
export function prepareHls() {
  if (!isNative()) loadLight().catch(() => {})
}

/**
 * Puts an HLS playlist on a <video>: with hls.js, loaded only now, wherever there is MediaSource; natively elsewhere.
 *
 * @param {HTMLVideoElement} video
 * @param {string} url
 * @param {{live: boolean, wanted: () => boolean, onFailed: () => void}} options  wanted: it has not been given up
 *        meanwhile; onFailed: it cannot go on; load it anew or something else
 * @returns {Promise<() => void>} takes it off again
 */
export async function playHls(video, url, { live, wanted, onFailed }) {
  if (isNative()) {
    video.src = url
    return () => {
      video.removeAttribute('src')
      video.load()
    }
  }

  const Light = await loadLight()
  let hls = open(Light)
  const found = await new Promise((resolve) => {
    hls.once(Light.Events.MANIFEST_LOADED, (_, playlists) => resolve(playlists))
    hls.on(Light.Events.ERROR, (_, { fatal }) => fatal && resolve(null))
  })
  // The light build knows neither captions nor sound in a playlist of its own, as Cloudflare has it.
  if (found?.subtitles?.length || found?.audioTracks.some((/** @type {{url?: string}} */ track) => track.url)) {
    hls.destroy()
    hls = open(await loadFull())
  }
  if (wanted()) hls.attachMedia(video)
  const fill = () => (hls.config.maxBufferLength = kBuffer)
  video.addEventListener('play', fill)
  return () => {
    video.removeEventListener('play', fill)
    hls.destroy()
  }

  /** @param {HlsClass} Hls */
  function open(Hls) {
    const hls = new Hls({
      // fMP4 needs no transmuxing, so a worker would only be one more thing for the CSP to allow.
      enableWorker: false,
      // Two segments behind the newest: as close as a phone on a moving network can follow without stuttering.
      liveSyncDurationCount: 2,
      liveMaxLatencyDurationCount: 6,
      maxLiveSyncPlaybackRate: live ? 1.1 : 1,
      backBufferLength: 30,
      // A phone's storage for video is small, and a service is long. Of a recording only the first picture, until
      // someone plays it.
      maxBufferLength: live ? kBuffer : 1,
      maxMaxBufferLength: 2 * kBuffer,
      startPosition: live ? -1 : 0,
    })
    let recoveredAt = 0
    hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
      if (!fatal) return
      if (type === Hls.ErrorTypes.MEDIA_ERROR && Date.now() - recoveredAt > 5000) {
        recoveredAt = Date.now()
        hls.recoverMediaError()
        return
      }
      onFailed()
    })
    hls.loadSource(url)
    return hls
  }
}
