/**
 * A WHIP client under test: in a page of real Chromium, against a real WebRTC far end in the same page, over real HTTP.
 */
import { Endpoint, until } from './endpoint.js'

/**
 * What a client is, in the page: `globalThis.subject`.
 * @typedef {{ endpoint: string, token?: string, iceServers?: RTCIceServer[] }} Target
 * @typedef {object} Subject
 * @property {(to: Target) => Promise<void>} prepare  what can be done while the person looks at the preview
 * @property {(to: Target) => void} start
 * @property {() => void} stop
 * @property {() => string} state     'live', 'failed', or anything else meanwhile
 * @property {() => string} problem   what it says about a failure
 *
 * @typedef {object} Given
 * @property {Endpoint} endpoint
 * @property {Endpoint} other         of another origin
 * @property {import('playwright-core').Page} page
 * @property {(options?: { token?: string, iceServers?: RTCIceServer[], endpoint?: string }) => Promise<void>} start
 * @property {() => Promise<void>} stop
 * @property {(wanted: string, ms?: number) => Promise<unknown>} reach
 */

const here = /** @type {any} */ (globalThis) // the page's own `here`, once it runs there

/** Puts our client into the page. @param {import('playwright-core').Page} page */
export async function ours(page) {
  await page.waitForFunction(() => 'ready' in globalThis)
  await page.evaluate(() => {
    here.publish()
    const last = () => here.states.at(-1) ?? { phase: 'Idle' }
    here.subject = {
      /** @param {{ endpoint: string }} to */
      async prepare(to) {
        here.publisher.preview()
        here.publisher.arm(to)
        while (last().phase !== 'Ready') await new Promise((resolve) => setTimeout(resolve, 20))
      },
      /** @param {{ endpoint: string }} to */
      start(to) {
        if (last().phase !== 'Ready') here.publisher.arm(to)
        here.publisher.start(to.endpoint)
      },
      stop: () => here.publisher.stop(),
      state: () =>
        /** @type {Record<string, string>} */ ({ Live: 'live', Failed: 'failed' })[last().phase] ?? last().phase,
      problem: () => Object.values(last().problem ?? {}).join(' '),
    }
  })
}

/** Runs in the page before its scripts: keeps the connections, cameras and ICE servers a client uses. */
export function observe() {
  /** @type {any} */ const here = globalThis
  Object.assign(here, { connections: [], cameras: [], configured: [] })
  const Native = RTCPeerConnection
  const note = (/** @type {RTCConfiguration | undefined} */ { iceServers } = {}) => {
    if (iceServers?.length) here.configured.push(iceServers)
  }
  /** @type {{ by?: RTCPeerConnection, state: string }} */
  let pretended = { state: '' }
  here.RTCPeerConnection = class extends Native {
    /** @param {RTCConfiguration} [configuration] */
    constructor(configuration) {
      super(configuration)
      note(configuration)
      here.connections.push(this)
    }
    /** @param {RTCConfiguration} [configuration] */
    setConfiguration(configuration) {
      note(configuration)
      return super.setConfiguration(configuration)
    }
    /** @returns {any} */
    get connectionState() {
      return (pretended.by === this && pretended.state) || super.connectionState
    }
    /** @returns {any} */
    get iceConnectionState() {
      return (pretended.by === this && pretended.state) || super.iceConnectionState
    }
  }
  /** @param {string} state  what the newest connection says it is from now on; '' the truth */
  here.pretend = (state) => {
    pretended = { by: here.connections.at(-1), state }
    for (const type of ['connectionstatechange', 'iceconnectionstatechange'])
      here.connections.at(-1).dispatchEvent(new Event(type))
  }
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints)
    here.cameras.push(...stream.getTracks())
    return stream
  }
}

/**
 * @param {import('playwright-core').BrowserContext} context
 * @param {(page: import('playwright-core').Page) => Promise<void>} subject  puts the client into a loaded page
 * @param {(given: Given) => Promise<void>} check
 */
export async function run(context, subject, check) {
  const [endpoint, other] = await Promise.all([new Endpoint().listen(), new Endpoint().listen()])
  endpoint.elsewhere = other.origin
  const opened = await context.newPage()
  endpoint.page = other.page = opened
  const state = () => opened.evaluate(() => here.subject.state())
  try {
    // The far end is a connection of the page too, but not one of the client.
    await opened.addInitScript(() => Object.assign(globalThis, { here: globalThis, NativePeer: RTCPeerConnection }))
    await opened.addInitScript(observe)
    await opened.goto(endpoint.origin)
    await subject(opened)
    await check({
      endpoint,
      other,
      page: opened,
      start: (options) => opened.evaluate((to) => void here.subject.start(to), { endpoint: endpoint.url, ...options }),
      stop: () => opened.evaluate(() => void here.subject.stop()),
      reach: (wanted, ms) => until(async () => (await state()) === wanted, wanted, ms),
    })
  } finally {
    await opened.close()
    endpoint.close()
    other.close()
  }
}
