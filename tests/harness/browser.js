/** Real Chromium, with a camera whose picture can be read back and a microphone that hears a tone. */
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const args = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const inNamespace = fileURLToPath(new URL('chromium-in-namespace.sh', import.meta.url))

/**
 * @param {{ autoplay?: boolean, namespace?: string, secure?: string[], microphone?: string }} [options]
 *   `autoplay`: sound may start without a gesture; `namespace`: the network namespace to run in (bench/netem.js);
 *   `secure`: origins that may use the camera although they are neither HTTPS nor this machine;
 *   `microphone`: a WAV file it hears again and again
 */
export const launch = ({ autoplay = true, namespace = '', secure = [], microphone = '' } = {}) =>
  chromium.launch({
    executablePath: namespace ? inNamespace : (process.env.CHROMIUM ?? '/usr/bin/chromium'),
    env: { ...process.env, NETWORK_NAMESPACE: namespace },
    headless: false,
    args: [
      ...args,
      ...(autoplay ? ['--autoplay-policy=no-user-gesture-required'] : []),
      ...(microphone ? [`--use-file-for-fake-audio-capture=${microphone}`] : []),
      ...(secure.length ? [`--unsafely-treat-insecure-origin-as-secure=${secure.join()}`] : []),
    ],
  })

/**
 * A page in a context of its own (its own cookies), whose console errors and unhandled rejections are kept.
 * @param {import('playwright-core').Browser} browser
 * @param {{ phone?: boolean, camera?: boolean | { width: number, height: number }, webrtc?: boolean }} [options]
 *   `camera`: replace the fake device by one that draws the time; `webrtc: false`: a browser without it
 */
export async function newPage(browser, { phone = false, camera = false, webrtc = true } = {}) {
  const context = await browser.newContext(
    phone
      ? { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }
      : { viewport: { width: 1280, height: 800 } },
  )
  if (camera) await context.addInitScript(drawTheTime, camera === true ? { width: 1280, height: 720 } : camera)
  if (!webrtc) await context.addInitScript(() => Reflect.deleteProperty(window, 'RTCPeerConnection'))
  const page = await context.newPage()
  /** @type {string[]} */
  const faults = []
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`))
  return { page, context, faults }
}

/**
 * Runs in the page before its scripts: getUserMedia gives a canvas whose top fifth shows Date.now() as 32 bars
 * between a white and a black one, and a 440 Hz tone.
 * @param {{ width: number, height: number }} size
 */
function drawTheTime({ width, height }) {
  const bars = 34
  const devices = navigator.mediaDevices
  if (!devices) return
  devices.getUserMedia = async (constraints = {}) => {
    const stream = new MediaStream()
    if (constraints.video) {
      const canvas = Object.assign(document.createElement('canvas'), { width, height })
      Object.assign(window, { cameraCanvas: canvas })
      const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
      let n = 0
      setInterval(() => {
        const now = Date.now() >>> 0
        const { width: w, height: h } = canvas
        pen.fillStyle = `hsl(${n++ % 360} 60% 40%)`
        pen.fillRect(0, 0, w, h)
        pen.fillStyle = '#fff'
        pen.font = '40px sans-serif'
        pen.fillText(new Date(now).toISOString().slice(11, 23), 40, h * 0.6)
        for (let i = 0; i < bars; i++) {
          const bright = i === 0 || (i < bars - 1 && (now >>> (32 - i)) & 1)
          pen.fillStyle = bright ? '#fff' : '#000'
          pen.fillRect((i * w) / bars, 0, w / bars + 1, h / 5)
        }
      }, 33)
      canvas
        .captureStream(30)
        .getVideoTracks()
        .forEach((track) => stream.addTrack(track))
    }
    if (constraints.audio) {
      const audio = new AudioContext()
      const tone = new OscillatorNode(audio, { frequency: 440 })
      const out = audio.createMediaStreamDestination()
      tone.connect(new GainNode(audio, { gain: 0.2 })).connect(out)
      tone.start()
      out.stream.getAudioTracks().forEach((track) => stream.addTrack(track))
    }
    return stream
  }
}

/**
 * What a <video> that shows such a camera shows now.
 * @param {import('playwright-core').Locator} video
 * @returns {Promise<{ width: number, height: number, time: number, code: number, age: number }>}
 *   `time` position in s; `code` the time drawn, ms modulo 2³²; `age` ms since it was drawn
 */
export const readVideo = (video) =>
  video.evaluate((element) => {
    const player = /** @type {HTMLVideoElement} */ (element)
    const { videoWidth: width, videoHeight: height, currentTime: time } = player
    if (!width) return { width, height, time, code: 0, age: Infinity }
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    pen.drawImage(player, 0, 0)
    let code = 0
    for (let i = 1; i <= 32; i++) {
      const [r, g, b] = pen.getImageData(Math.floor(((i + 0.5) * width) / 34), Math.floor(height / 10), 1, 1).data
      code = code * 2 + (r + g + b > 384 ? 1 : 0)
    }
    return { width, height, time, code, age: (Date.now() - code) | 0 }
  })

/**
 * The loudest frequency a <video> gives out within a second, in Hz; 0 when it is silent.
 * @param {import('playwright-core').Locator} video
 * @returns {Promise<number>}
 */
export const hear = (video) =>
  video.evaluate(async (element) => {
    const player = /** @type {HTMLVideoElement & { captureStream(): MediaStream }} */ (element)
    const stream = player.srcObject instanceof MediaStream ? player.srcObject : player.captureStream()
    if (!stream.getAudioTracks().length) return 0
    const audio = new AudioContext()
    await audio.resume()
    const analyser = new AnalyserNode(audio, { fftSize: 8192 })
    audio.createMediaStreamSource(stream).connect(analyser)
    const bins = new Float32Array(analyser.frequencyBinCount)
    const deadline = performance.now() + 2000
    let best
    do {
      await new Promise((resolve) => setTimeout(resolve, 100))
      analyser.getFloatFrequencyData(bins)
      const loudest = bins.reduce((top, level, i) => (level > bins[top] ? i : top), 0)
      best = bins[loudest] > -60 ? (loudest * audio.sampleRate) / analyser.fftSize : 0
    } while (!best && performance.now() < deadline)
    await audio.close()
    return best
  })
