/** A service streamed from Firefox, which sends VP8, and watched in Firefox and in WebKit. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { skipWithout } from '../harness/engines.js'
import { find, firefoxPage, launchFirefox, press, skipWithoutFirefox } from '../harness/firefox.js'
import { inOwnNetwork, noOwnNetwork, testInOwnNetwork } from '../harness/own-network.js'
import { startVigil, until } from '../harness/vigil.js'
import { launchWebKit, skipWithoutWebKit } from '../harness/webkit.js'

const skip = skipWithoutFirefox() || skipWithout('network of its own', noOwnNetwork())
if (inOwnNetwork) describe('other engines', inside)
else test('Firefox streams; Firefox and WebKit watch', { skip }, () => testInOwnNetwork(fileURLToPath(import.meta.url)))

/** Runs in a page: what its player's <video> shows. */
const look = () => {
  const video = document.querySelector('memorial-player')?.shadowRoot?.querySelector('video')
  if (!video) return null
  const { currentTime, videoWidth, duration, error } = video
  return { currentTime, videoWidth, duration, error: error?.message ?? '' }
}
/** Runs in a page: where the middle of the button over the player's picture is, once it says this. @param {string} name */
const overPicture = (name) => {
  const button = document.querySelector('memorial-player')?.shadowRoot?.querySelector('.overlay button')
  if (!(button instanceof HTMLElement) || button.hidden || button.textContent !== name) return null
  button.scrollIntoView({ block: 'center', behavior: 'instant' })
  const { x, y, width, height } = button.getBoundingClientRect()
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) }
}

function inside() {
  /** @type {import('../harness/vigil.js').Vigil} */
  let vigil
  /** @type {import('puppeteer-core').Browser} */
  let firefox
  /** @type {Awaited<ReturnType<typeof firefoxPage>>} */
  let phone
  let memorial = ''
  before(async () => {
    ;[vigil, firefox] = await Promise.all([startVigil({ env: { HOST: '0.0.0.0' } }), launchFirefox()])
    phone = await firefoxPage(firefox)
  })
  after(async () => {
    await firefox?.close()
    await vigil?.stop()
  })

  /**
   * @param {string} who
   * @param {() => Promise<ReturnType<typeof look>>} seen
   * @param {number} [seconds]  beyond this time
   */
  const moving = (who, seen, seconds = 1) =>
    until(
      `a moving picture in ${who}`,
      async () => {
        const now = await seen()
        assert.equal(now?.error ?? '', '', who)
        return now && now.videoWidth > 0 && now.currentTime > seconds && now
      },
      30_000,
    )

  test('Firefox goes live with VP8', async () => {
    const { page } = phone
    await page.goto(vigil.signInLink)
    await press(page, 'Manage streams of A memorial service')
    await press(page, 'Create Stream')
    await page.locator('dialog[open] input[type=text]').fill('Service from Firefox')
    await page.locator('dialog[open] [type=submit]').click()
    await press(page, 'Go Live')
    memorial = page.url().replace(/\/manage.*/, '')
    await press(page, 'Start Streaming')
    await find(page, 'Stop Streaming')
    const sent = await until('a picture that leaves', () =>
      page.evaluate(async () => {
        for (const peer of /** @type {any} */ (window).peers) {
          const stats = [...(await peer.getStats()).values()]
          const video = stats.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video')
          if (video?.framesEncoded > 0) return stats.find(({ id }) => id === video.codecId)?.mimeType
        }
        return ''
      }),
    )
    assert.equal(sent, 'video/VP8')
    // For longer than the camera's picture is looked at before it is judged.
    const track = await until(
      'three hundred pictures',
      () =>
        page.evaluate(async () => {
          const peer = /** @type {any} */ (window).peers.at(-1)
          const stats = [...(await peer.getStats()).values()]
          const video = stats.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video')
          if (!(video?.framesEncoded > 300)) return ''
          const { track } = peer.getSenders().find((/** @type {RTCRtpSender} */ { track }) => track?.kind === 'video')
          return String(track)
        }),
      40_000,
    )
    assert.equal(track, '[object MediaStreamTrack]', 'the camera is sent, not a canvas in its place')
  })

  test('Firefox watches it by WHEP, and stays with it', async () => {
    const { page, faults } = await firefoxPage(firefox)
    await page.evaluateOnNewDocument(() => {
      /** @type {string[]} */
      const modes = []
      Object.assign(window, { modes })
      addEventListener('mode-change', (event) => modes.push(/** @type {CustomEvent} */ (event).detail.mode))
    })
    await page.goto(memorial)
    await moving('Firefox', () => page.evaluate(look), 8)
    const modes = await page.evaluate(() => /** @type {any} */ (window).modes)
    assert.equal(modes.at(-1), 'whep', String(modes))
    assert.ok(!modes.includes('hls'), String(modes))
    assert.deepEqual(faults, [])
    await page.close()
  })

  test('Firefox plays it live by HLS', async () => {
    const { page, faults } = await firefoxPage(firefox, { webrtc: false })
    await page.goto(memorial)
    await moving('Firefox', () => page.evaluate(look))
    assert.deepEqual(faults, [])
    await page.close()
  })

  describe('WebKit', { skip: skipWithoutWebKit() }, () => {
    /** @type {Awaited<ReturnType<typeof launchWebKit>>} */
    let webkit
    before(async () => {
      webkit = await launchWebKit()
    })
    after(() => webkit?.close())

    test('plays it live by HLS', async () => {
      await webkit.goto(memorial)
      await moving('WebKit', () => webkit.evaluate(look))
    })

    test('says that it cannot send, and what to do', async () => {
      const [cookie] = await firefox.cookies()
      await webkit.addCookie(cookie)
      await webkit.goto(`${memorial}/manage`)
      assert.equal(await webkit.evaluate(() => 'RTCPeerConnection' in window), false, 'a test of a browser without it')
      await until('the button', () =>
        webkit.evaluate(() => {
          const buttons = [...document.querySelectorAll('button')]
          const go = buttons.find(({ textContent, hidden }) => !hidden && /^Go live/i.test(textContent ?? ''))
          go?.click()
          return Boolean(go)
        }),
      )
      await until('the sentence', async () =>
        (await webkit.evaluate(() => document.body.innerText)).includes(
          'This browser cannot send video from this page.',
        ),
      )
    })

    test('plays the recording', async () => {
      await webkit.goto(memorial)
      await moving('WebKit', () => webkit.evaluate(look))
      await stop()
      // By hand: without a gesture, WebKit would play no sound.
      await webkit.click(await until('the recording', () => webkit.evaluate(overPicture, 'Watch the recording')))
      await moving('WebKit', () => webkit.evaluate(look))
    })
  })

  test('Firefox plays the recording', async () => {
    await stop()
    const { page, faults } = await firefoxPage(firefox)
    await page.goto(memorial)
    const { x, y } = await until('the recording', () => page.evaluate(overPicture, 'Watch the recording'))
    await page.mouse.click(x, y)
    const { duration } = await moving('Firefox', () => page.evaluate(look))
    assert.ok(duration > 3, `it lasts ${duration} s`)
    assert.deepEqual([...faults, ...phone.faults], [])
  })

  let stopped = false
  /** Ends the service, once. */
  async function stop() {
    if (stopped) return
    stopped = true
    await press(phone.page, 'Stop Streaming')
    await press(phone.page, 'Yes, stop')
    await press(phone.page, 'Done')
    const api = memorial.replace('/memorials/', '/api/memorials/')
    const phase = async () => /** @type {any} */ (await (await fetch(api)).json()).streams[0].phase
    await until('the recording', async () => (await phase()) === 'recording', 40_000)
  }
}
