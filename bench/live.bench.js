/** From the tap to the picture, on one machine: a publisher, a viewer by WHEP and a viewer by HLS, in real Chromium. */
import { readFileSync, readdirSync } from 'node:fs'
import { launch, newPage, readVideo } from '../tests/harness/browser.js'
import { createStream, signIn, stopStreaming } from '../tests/harness/steps.js'
import { startVigil, until } from '../tests/harness/vigil.js'

const rounds = Number(process.env.ROUNDS ?? 5)

/** @param {import('./run.js').Report} report */
export async function bench(report) {
  const vigil = await startVigil()
  const browser = await launch()
  /** @type {Record<string, number[]>} */
  const figures = {}
  const note = (/** @type {string} */ name, /** @type {number[]} */ ...values) => (figures[name] ??= []).push(...values)
  try {
    const publisher = await newPage(browser, { camera: true })
    await publisher.context.addInitScript(noteTimes)
    const memorial = await signIn(publisher.page, vigil)
    for (let round = 0; round < rounds; round++) {
      const goLive = await createStream(publisher.page, `Round ${round}`)
      const viewers = { whep: await newPage(browser), hls: await newPage(browser, { webrtc: false }) }
      for (const { context, page } of Object.values(viewers)) {
        await context.addInitScript(noteFirstFrame)
        await page.goto(memorial)
      }
      await goLive.click()
      await publisher.page.getByRole('button', { name: 'Start Streaming' }).click()
      const times = await until('connected', () =>
        publisher.page.evaluate(() => {
          const seen = /** @type {any} */ (window).times
          return seen.connected > seen.tap && seen
        }),
      )
      note('tap_to_post_ms', times.post - times.tap)
      note('tap_to_connected_ms', times.connected - times.tap)
      for (const [how, { page }] of Object.entries(viewers)) {
        const first = await until(`the first frame by ${how}`, () =>
          page.evaluate(() => /** @type {any} */ (window).firstFrame),
        )
        note(`first_frame_${how}_ms`, first - times.tap)
      }
      await new Promise((resolve) => setTimeout(resolve, 6000))
      const processor = mediaProcessor(vigil.pid)
      for (let sample = 0; sample < 40; sample++) {
        for (const [how, { page }] of Object.entries(viewers)) {
          note(`glass_${how}_ms`, (await readVideo(page.locator('memorial-player video'))).age)
        }
        await new Promise((resolve) => setTimeout(resolve, 250))
      }
      note('media_cpu_percent_per_stream', processor())
      await stopStreaming(publisher.page)
      await publisher.page.getByText('Recording available', { exact: true }).first().waitFor({ timeout: 30_000 })
      for (const { context } of Object.values(viewers)) await context.close()
    }
  } finally {
    await browser.close()
    await vigil.stop()
  }
  const how = `median of ${rounds} rounds, 1280x720 at 30/s, everything on one 2-core machine`
  for (const [name, values] of Object.entries(figures)) {
    report(name, median(values), name.includes('percent') ? 'percent of a core' : 'ms', how)
  }
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** Runs in the page: when the button was tapped, the offer was posted, the peer connection was up. */
function noteTimes() {
  const times = { tap: 0, post: 0, connected: 0 }
  const now = () => performance.timeOrigin + performance.now()
  Object.assign(window, { times })
  addEventListener(
    'click',
    (event) => {
      const button = /** @type {HTMLElement} */ (event.composedPath()[0]).closest('button')
      if (button?.textContent?.includes('Start Streaming')) times.tap = now()
    },
    true,
  )
  const plain = window.fetch
  window.fetch = (input, init) => {
    if (init?.method === 'POST' && String(input).includes('/webRTC/')) times.post = now()
    return plain(input, init)
  }
  const Plain = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Plain {
    /** @param {RTCConfiguration} [configuration] */
    constructor(configuration) {
      super(configuration)
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') times.connected = now()
      })
    }
  }
}

/** Runs in the page: when the first <video> of the player showed a frame that moves. */
function noteFirstFrame() {
  const timer = setInterval(() => {
    const player = document.querySelector('memorial-player')
    const video = /** @type {HTMLVideoElement | null | undefined} */ (
      player?.querySelector('video') ?? player?.shadowRoot?.querySelector('video')
    )
    if (!video?.videoWidth || !video.currentTime) return
    Object.assign(window, { firstFrame: Date.now() })
    clearInterval(timer)
  }, 10)
}

/**
 * Processor time of the media server and its children from now on.
 * @param {number} vigilPid
 * @returns {() => number}  percent of one core since the call
 */
function mediaProcessor(vigilPid) {
  const started = Date.now()
  const before = ticksBelow(vigilPid)
  return () => ((ticksBelow(vigilPid) - before) * 10 * 100) / (Date.now() - started)
}

/** @param {number} pid  clock ticks (100/s) of all that this process has started */
function ticksBelow(pid) {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1].split(' ')
        return [{ pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }]
      } catch {
        return [] // it has ended meanwhile
      }
    })
  /** @type {(parent: number) => number} */
  const below = (parent) =>
    stats.filter((row) => row.parent === parent).reduce((sum, row) => sum + row.ticks + below(row.pid), 0)
  return below(pid)
}
