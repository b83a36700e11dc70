const kBuffer = 30 // seconds

/**
 * Puts an HLS playlist on a <video>: with hls.js, loaded only now, wherever there is MediaSource; natively elsewhere
 * (iPhones).
 *
 * @param {HTMLVideoElement} video
 * @param {string} url
 * @param {{live: boolean, onFailed: () => void}} options  onFailed: it cannot go on; load it anew or something else
 * @returns {Promise<() => void>} takes it off again
 */
export async function playHls(video, url, { live, onFailed }) {
  const takeOff = () => {
    video.removeAttribute('src')
    video.load()
  }
  if (!('MediaSource' in window)) {
    video.src = url
    return takeOff
  }

  const { default: Hls } = await import('hls.js/light')
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
  const fill = () => (hls.config.maxBufferLength = kBuffer)
  video.addEventListener('play', fill)
  hls.loadSource(url)
  hls.attachMedia(video)
  return () => {
    video.removeEventListener('play', fill)
    hls.destroy()
  }
}
