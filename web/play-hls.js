const kBuffer = 30 // seconds
const kKeepMs = 8000 // what was prepared: then its segment is an old one

/** @typedef {typeof import('hls.js').default} HlsClass */

const loadLight = async () => /** @type {HlsClass} */ ((await import('hls.js/light')).default)
const loadFull = async () => /** @type {HlsClass} */ ((await import('hls.js')).default)

/**
 * Where the browser plays HLS by itself: iPhones, which have nothing else; and those that can send it to a television by
 * AirPlay, which only their own player can.
 */
const isNative = () => !('MediaSource' in window) || 'WebKitPlaybackTargetAvailabilityEvent' in window

/** What will probably be wanted next, already loading. @type {{url: string, source: Promise<Source>} | null} */
let prepared = null

/**
 * Loads what HLS will need, up to the first segment, when it is likely to be needed soon; forgets it when it was not.
 *
 * @param {string} url  of a live playlist
 */
export function prepareHls(url) {
  if (isNative() || !url || prepared?.url === url) return
  dropPrepared()
  const source = loadLight().then((Light) => new Source(Light, url, true))
  const mine = (prepared = { url, source })
  source.catch(() => {})
  setTimeout(() => prepared === mine && dropPrepared(), kKeepMs)
}

function dropPrepared() {
  prepared?.source.then((source) => source.hls.destroy()).catch(() => {})
  prepared = null
}

/** hls.js at work on a playlist, on a <video> or not yet. */
class Source {
  onFailed = () => {}
  failed = false

  /** @param {HlsClass} Hls @param {string} url @param {boolean} live */
  constructor(Hls, url, live) {
    const hls = new Hls({
      // fMP4 needs no transmuxing, so a worker would only be one more thing for the CSP to allow.
      enableWorker: false,
      startFragPrefetch: true,
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
    this.hls = hls
    /** What the playlist lists; null when it cannot be had. */
    this.playlists = new Promise((resolve) => {
      hls.once(Hls.Events.MANIFEST_LOADED, (_, playlists) => resolve(playlists))
      hls.on(Hls.Events.ERROR, (_, { fatal }) => fatal && resolve(null))
    })
    let recoveredAt = 0
    hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
      if (!fatal) return
      this.failed = true
      if (type === Hls.ErrorTypes.MEDIA_ERROR && Date.now() - recoveredAt > 5000) {
        recoveredAt = Date.now()
        hls.recoverMediaError()
        return
      }
      this.onFailed()
    })
    hls.loadSource(url)
  }
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

  let source = await begin(url, live)
  const found = await source.playlists
  // The light build knows neither captions nor sound in a playlist of its own, as Cloudflare has it.
  if (found?.subtitles?.length || found?.audioTracks.some((/** @type {{url?: string}} */ track) => track.url)) {
    source.hls.destroy()
    source = new Source(await loadFull(), url, live)
  }
  const { hls } = source
  source.onFailed = onFailed
  if (!found) onFailed()
  if (wanted()) hls.attachMedia(video)
  const fill = () => (hls.config.maxBufferLength = kBuffer)
  video.addEventListener('play', fill)
  return () => {
    video.removeEventListener('play', fill)
    hls.destroy()
  }
}

/** @param {string} url @param {boolean} live @returns {Promise<Source>} */
async function begin(url, live) {
  const ready = prepared?.url === url ? prepared.source : null
  prepared = ready ? null : prepared
  const source = await ready?.catch(() => null)
  if (source && !source.failed) return source
  source?.hls.destroy()
  return new Source(await loadLight(), url, live)
}
