/** What is heard over a thin uplink: the picture has to yield before the sound. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startMedia } from '../media/server.js'
import { Endpoint, until } from '../tests/browser/endpoint.js'
import { launch, newPage } from '../tests/harness/browser.js'
import { decodeSound, levelOf, waveFile } from '../tests/harness/sound.js'
import { apiOf, apiToken, createInput, secrets } from '../tests/media/media.js'
import { noNetworks, openNetwork } from './netem.js'

const here = /** @type {any} */ (globalThis)
const seconds = Number(process.env.THIN_SECONDS ?? 60)
const tone = 440
/** Of the tone, dBFS, and how much less still counts as hearing it. */
const [level, tolerance] = [-12, 12]

/** @param {import('./run.js').Report} report */
export async function bench(report) {
  const missing = await noNetworks()
  if (missing) throw new Error(missing)
  const thin = { delay: 20, rate: 100_000, queue: 400 }
  const begun = await measure(thin, thin)
  const how = 'recorded 20 ms pieces with the tone; 100 kbit/s each way, 40 ms there and back, queue of 400 ms'
  report('audio_continuity_100kbps_percent', begun.steady, '%', `${how}; ${seconds} s, from the tenth second on`)
  report('audio_continuity_100kbps_start_percent', begun.whole, '%', `${how}; from the beginning of the stream on`)
  if (process.env.ONLY_START) return
  const fallen = await measure({ delay: 20, rate: 20_000_000 }, thin)
  report(
    'audio_continuity_100kbps_fall_percent',
    fallen.fallen,
    '%',
    `${how}; ${seconds} s after falling from 20 Mbit/s`,
  )
}

/**
 * Streams over `before` for 10 s, then over `after`.
 * @param {import('./netem.js').Shape} before
 * @param {import('./netem.js').Shape} after
 */
async function measure(before, after) {
  const folder = await mkdtemp(path.join(tmpdir(), 'vigil-thin-'))
  const file = path.join(folder, 'tone.wav')
  const gain = 10 ** (level / 20)
  await writeFile(
    file,
    waveFile(1, (t) => gain * Math.sin(2 * Math.PI * tone * t)),
  )
  const network = await openNetwork({ delay: 20 })
  const media = await startMedia({
    ...{ host: network.near, segmentSeconds: 2, timeoutSeconds: 20, stopGraceSeconds: 0.2 },
    ...{ apiToken, ...secrets, log: () => {}, dataFolder: path.join(folder, 'data') },
  })
  const pages = await new Endpoint().listen(network.near)
  pages.elsewhere = new URL(media.url).origin
  const browser = await launch({ namespace: network.namespace, secure: [pages.origin], microphone: file })
  try {
    const api = apiOf(media.url)
    const input = await createInput(api)
    const { page } = await newPage(browser)
    await page.goto(pages.origin)
    await page.waitForFunction(() => 'ready' in globalThis)
    await network.set(before)
    await page.evaluate((url) => {
      const publisher = here.publish()
      here.reports = []
      publisher.watch((/** @type {unknown} */ report) => here.reports.push(report))
      publisher.start(url)
    }, input.webRTC.url)
    await until(() => page.evaluate(() => here.states.at(-1)?.phase === 'Live'), 'Live', 60_000)
    const live = Date.now()
    const videos = async () => (await api('GET', `/live_inputs/${input.uid}/videos`)).body.result
    if (before !== after) await pause(10_000)
    await network.set(after)
    await pause(seconds * 1000)
    if (process.env.SHOW) console.error(await page.evaluate(() => here.publisher.log()))
    await network.set({ delay: 20 })
    const stopped = Date.now()
    await page.evaluate(() => here.publisher.stop())
    const ready = (/** @type {any} */ { status }) => status.state === 'ready'
    const video = await until(async () => (await videos()).find(ready), 'the recording', 60_000)
    const { samples, rate } = await decodeSound(video.playback.hls)
    const piece = rate / 50
    const heard = Array.from(
      { length: Math.floor(samples.length / piece) },
      (_, i) => levelOf(samples.subarray(i * piece, (i + 1) * piece), rate, tone) > level - tolerance,
    )
    const first = heard.indexOf(true)
    if (process.env.SHOW) {
      console.error((await (await fetch(video.playback.hls)).text()).replace(/^#EXT-X-PROG.*\n|^s\d+.*\n/gm, ''))
      for (let i = first; i < heard.length; i += 250)
        console.error(
          heard
            .slice(i, i + 250)
            .map((is) => (is ? '-' : '_'))
            .join(''),
        )
    }
    if (process.env.SHOW) console.error(`${stopped - live} ms live, ${(heard.length - first) * 20} ms recorded`)
    const share = (/** @type {number} */ from, /** @type {number} */ to) =>
      (100 * heard.slice(first + from * 50, first + to * 50).filter(Boolean).length) / ((to - from) * 50)
    // A recording that begins late lacks what was before.
    const whole = Math.min(100, (2000 * heard.filter(Boolean).length) / (stopped - live))
    return { whole, steady: share(10, seconds - 3), fallen: share(10, 7 + seconds) }
  } finally {
    await browser.close()
    pages.close()
    await media.close()
    await network.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}
