/**
 * How long the memorial page takes to show what the server knows: every change of a service's life, in real Chromium
 * with real media. Counted from when the server tells anybody (or the WHEP picture stops, or is back) to what is seen.
 */
import { launch, newPage } from '../tests/harness/browser.js'
import { createStream, signIn, stopStreaming } from '../tests/harness/steps.js'
import { startVigil, until } from '../tests/harness/vigil.js'

/** @typedef {{ at: number, mode: string, playing: boolean, held: boolean, picture: boolean }} Seen */

/** @param {import('./run.js').Report} report */
export async function bench(report) {
  const vigil = await startVigil()
  const browser = await launch()
  /** @type {Record<string, number>} */
  const took = {}
  try {
    let publisher = await newPage(browser, { camera: true })
    const memorial = await signIn(publisher.page, vigil)
    const goLive = await createStream(publisher.page, 'Service')
    const phases = followPhases(memorial.replace('/memorials/', '/api/memorials/'))
    const { page, context } = await newPage(browser)
    await context.addInitScript(noteWhatIsSeen)
    await page.goto(memorial)

    /** When it was first seen after `since`. @param {string} what @param {number} since @param {(seen: Seen) => boolean} is */
    const seenAt = (what, since, is) =>
      until(
        what,
        async () => {
          /** @type {Seen[]} */
          const log = await page.evaluate(() => /** @type {any} */ (window).seen)
          return log.find((entry) => entry.at >= since && is(entry))?.at
        },
        40_000,
      )
    /** @param {string} name @param {number} fact @param {(seen: Seen) => boolean} is */
    const measure = async (name, fact, is) => {
      // The page may read the news some milliseconds before we do.
      took[name] = Math.max(0, (await seenAt(name, fact - 200, is)) - fact)
      console.error(`${name}: ${took[name]} ms`)
    }
    const moving = (/** @type {Seen} */ { playing, held }) => playing && !held

    await seenAt('not begun', 0, ({ mode }) => mode === 'waiting')
    await goLive.click()
    await publisher.page.getByRole('button', { name: 'Start Streaming' }).click()
    await measure('waiting to live', await phases.at('live'), (seen) => seen.mode === 'whep' && moving(seen))

    // The connection stays, but nothing comes through any more: the worst way for it to fail.
    const silence = (/** @type {boolean} */ silent) =>
      page.evaluate((it) => {
        Object.assign(window, { silent: it })
        return Date.now()
      }, silent)
    await until('an HLS to go to', async () => (await fetch(await hlsUrl(memorial))).ok)
    await measure('WHEP to HLS', await silence(true), (seen) => seen.mode === 'hls' && moving(seen))
    await silence(false)
    const peers = () => page.evaluate(() => /** @type {any} */ (window).connected)
    const connected = await until('WHEP again', async () => (await peers())[1], 20_000)
    await measure('HLS to WHEP', connected, (seen) => seen.mode === 'whep' && moving(seen))

    const manage = publisher.page.url()
    const { cookies } = await publisher.context.storageState()
    await publisher.page.goto('chrome://crash').catch(() => {})
    await measure('live to interrupted', await phases.at('interrupted'), ({ mode }) => mode === 'interrupted')
    publisher = await newPage(browser, { camera: true })
    await publisher.context.addCookies(cookies)
    await publisher.page.goto(manage)
    await publisher.page.getByRole('button', { name: /^Go live/i }).click()
    await publisher.page.getByRole('button', { name: 'Start Streaming' }).click()
    await measure('interrupted to live', await phases.at('live'), (seen) => seen.mode === 'whep' && moving(seen))

    await stopStreaming(publisher.page)
    await measure('live to preparing', await phases.at('preparing'), ({ mode }) => mode === 'preparing')
    await measure(
      'preparing to recording',
      await phases.at('recording'),
      (seen) => seen.mode === 'recording' && seen.picture,
    )
    phases.stop()
  } finally {
    await browser.close()
    await vigil.stop()
  }
  const how = Object.entries(took).map(([name, ms]) => `${name} ${ms}`)
  report('player_changeover_max_ms', Math.max(...Object.values(took)), 'ms', `bar 3000; ${how.join(', ')}`)
}

/** @param {string} memorial */
async function hlsUrl(memorial) {
  const { streams } = await (await fetch(memorial.replace('/memorials/', '/api/memorials/'))).json()
  return streams[0].hlsUrl
}

/** When the server told anybody of a phase; each only once. @param {string} url  of the memorial's public view */
function followPhases(url) {
  const stop = new AbortController()
  /** @type {{ phase: string, at: number }[]} */
  const told = []
  const read = async () => {
    const { body } = await fetch(`${url}/events`, { signal: stop.signal })
    let text = ''
    for await (const bytes of /** @type {ReadableStream<Uint8Array>} */ (body)) {
      const events = (text + new TextDecoder().decode(bytes)).split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const data = event.match(/^data: (.*)$/m)?.[1]
        const phase = data && JSON.parse(data).streams[0]?.phase
        if (phase) told.push({ phase, at: Date.now() })
      }
    }
  }
  const reading = read().catch((error) => stop.signal.aborted || Promise.reject(error))
  return {
    /** @param {string} phase @returns {Promise<number>} */
    async at(phase) {
      const found = await until(phase, () => told.find((one) => one.phase === phase), 40_000)
      told.splice(0, told.indexOf(found) + 1)
      return found.at
    },
    stop() {
      stop.abort()
      return reading
    },
  }
}

/** Runs in the page: what the player shows, each time that changes; WHEP whose frames can be held back. */
function noteWhatIsSeen() {
  const seen = /** @type {Seen[]} */ ([])
  const connected = /** @type {number[]} */ ([])
  Object.assign(window, { seen, connected, silent: false })
  document.addEventListener('DOMContentLoaded', () => {
    const player = /** @type {HTMLElement} */ (document.querySelector('memorial-player'))
    const note = () => {
      const video = player.shadowRoot?.querySelector('video')
      seen.push({
        at: Date.now(),
        mode: player.getAttribute('mode') ?? '',
        playing: player.hasAttribute('playing'),
        held: player.hasAttribute('held'),
        picture: Boolean(video && video.readyState >= video.HAVE_CURRENT_DATA),
      })
    }
    new MutationObserver(note).observe(player, { attributes: true })
    player.shadowRoot?.querySelector('video')?.addEventListener('loadeddata', note)
    note()
  })
  const Plain = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Plain {
    /** @param {RTCConfiguration} [configuration] */
    constructor(configuration) {
      super(/** @type {RTCConfiguration} */ ({ ...configuration, encodedInsertableStreams: true }))
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') connected.push(Date.now())
      })
      this.addEventListener('track', ({ receiver }) => {
        const { readable, writable } = /** @type {any} */ (receiver).createEncodedStreams()
        const gate = new TransformStream({
          transform(frame, on) {
            if (!(/** @type {any} */ (window).silent)) on.enqueue(frame)
          },
        })
        readable
          .pipeThrough(gate)
          .pipeTo(writable)
          .catch(() => {})
      })
    }
  }
}
