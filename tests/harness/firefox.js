/** Real Firefox, driven by WebDriver BiDi, with its own made-up camera and microphone. */
import { existsSync } from 'node:fs'
import puppeteer from 'puppeteer-core'
import { skipWithout } from './engines.js'

const executablePath = process.env.FIREFOX ?? '/usr/bin/firefox-esr'

/** What a test's `skip` is to be: false, or the reason. */
export const skipWithoutFirefox = () =>
  skipWithout('Firefox', existsSync(executablePath) ? '' : 'the Debian package firefox-esr is not installed')

export const launchFirefox = () =>
  puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'permissions.default.camera': 1,
      'permissions.default.microphone': 1,
      // Debian's build has no H.264 for WebRTC (Cisco's binary is fetched at run time elsewhere): it sends VP8.
      'media.gmp-manager.updateEnabled': false,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      'media.autoplay.default': 0,
      'media.autoplay.blocking_policy': 0,
    },
  })

/**
 * A tab that keeps its uncaught errors and its peer connections (`window.peers`).
 * @param {import('puppeteer-core').Browser} firefox
 * @param {{ webrtc?: boolean }} [options]  false: without WebRTC, so that it plays HLS
 */
export async function firefoxPage(firefox, { webrtc = true } = {}) {
  const page = await firefox.newPage()
  /** @type {string[]} */
  const faults = []
  page.on('pageerror', (error) => faults.push(`uncaught: ${error}`))
  await page.evaluateOnNewDocument((webrtc) => {
    if (!webrtc) return void Reflect.deleteProperty(window, 'RTCPeerConnection')
    /** @type {RTCPeerConnection[]} */
    const peers = []
    const Real = RTCPeerConnection
    const RTCPeerConnection_ = class extends Real {
      /** @param {RTCConfiguration} [configuration] */
      constructor(configuration) {
        super(configuration)
        peers.push(this)
      }
    }
    Object.assign(window, { peers, RTCPeerConnection: RTCPeerConnection_ })
  }, webrtc)
  return { page, faults }
}

/**
 * Waits for a button or link of this name that can be seen, and presses it. (Firefox finds elements by role and name too,
 * but within ten seconds rather than at once.)
 * @param {import('puppeteer-core').Page} page
 * @param {string} name
 */
export async function press(page, name) {
  const handle = await find(page, name)
  await handle.click()
}

/** @param {import('puppeteer-core').Page} page @param {string} name */
export const find = (page, name) =>
  page
    .waitForSelector(`::-p-xpath(//*[self::a or self::button][@aria-label="${name}" or normalize-space()="${name}"])`, {
      visible: true,
      timeout: 15_000,
    })
    .then((handle) => /** @type {import('puppeteer-core').ElementHandle<Element>} */ (handle))
