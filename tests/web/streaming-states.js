// The overlay that streams from this device, in every state.
import { aStream } from './fake-server.js'

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./states.js').State} State
 */

const manage = '/memorials/memorial-1/manage'
const whip = aStream({ whipUrl: '/media/whip' })

/** @param {Page} on @param {string} name */
export const press = (on, name) => on.getByRole('button', { name, exact: true }).last().click()
/** @param {Page} on @param {string} [name]  of the button */
const goLive = async (on, name = 'Go Live') => {
  await press(on, name)
  await on.getByText('Nobody can see you yet.').first().waitFor()
}
/** With its made-up camera Chromium never asks, and says so. @param {Page} on */
export const willAsk = (on) =>
  on.evaluate(() => {
    navigator.permissions.query = async () => /** @type {PermissionStatus} */ ({ state: 'prompt' })
  })
/** What the core finds before the stream. @param {Page} on @param {string} code @param {string} sentence */
export const willSay = async (on, code, sentence) => {
  await on.waitForFunction(() => window.fakeClient)
  await on.evaluate((verdict) => void (window.fakeClient.verdict = verdict), { code, sentence })
}
/** @param {Page} on @param {string} phase @param {object} [more] */
const emit = async (on, phase, more = {}) => {
  await on.waitForFunction(() => window.fakeClient?.publishers.length)
  await on.evaluate(([phase, more]) => {
    const publisher = window.fakeClient.publishers.at(-1)
    publisher.emit({ phase, stream: publisher.stream, ...more })
  }, /** @type {const} */ ([phase, more]))
}
/** @param {Page} on @param {number} seconds @param {Partial<import('../../web/types.js').QualityReport>} differences */
const report = (on, seconds, differences) =>
  on.evaluate(
    ([seconds, differences]) => {
      for (let n = 0; n < Number(seconds); n++) {
        window.fakeClient.publishers.at(-1).report({
          ...{
            grade: 'good',
            cause: '',
            sentence: '',
            audioKbps: 131,
            videoKbps: Math.round(2100 + 300 * Math.sin(n / 4)),
          },
          ...{ lossPercent: 0.2, roundTripMs: 46, framesPerSecond: 30, width: 1280, height: 720, bound: 'none' },
          ...Object(differences),
        })
      }
    },
    [seconds, differences],
  )
/** @type {State[]} */
export const streamingStates = [
  {
    name: 'live-0-priming',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await willAsk(on)
      await press(on, 'Go Live')
      await on.getByRole('button', { name: 'Turn on the camera' }).waitFor()
    },
  },
  {
    name: 'live-1-capturing',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Capturing', { stream: null })
    },
  },
  { name: 'live-2-ready', path: manage, prepare: (world) => void (world.streams = [whip]), act: goLive },
  {
    name: 'live-2-slow',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await willSay(on, 'ready-slow', 'The connection is slow here: the sound comes first.')
      await goLive(on)
      await on.getByText('The connection is slow here').waitFor()
    },
  },
  {
    name: 'live-3-connecting',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Connecting')
    },
  },
  {
    name: 'live-4-live',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Live')
    },
  },
  {
    name: 'live-4-silent',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Live')
      await on.evaluate(() => window.fakeClient.publishers.at(-1).hear({ level: 0, hold: 0, silent: true }))
      await press(on, 'Make speech clearer')
    },
  },
  {
    name: 'live-4-quality',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Live')
      await report(on, 45, {})
      await on.locator('connection-quality summary').click()
    },
  },
  {
    name: 'live-4-thin',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Live')
      await report(on, 1, {
        grade: 'poor',
        cause: 'quality-thin',
        sentence: 'The connection is thin, so the picture is made smaller. The sound goes first.',
      })
    },
  },
  {
    name: 'live-4-live-devices',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Live', { devices: { canShareScreen: true } })
      await press(on, 'Devices')
    },
  },
  {
    name: 'live-4-live-warned',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Live', {
        devices: {
          muted: true,
          cameraOff: true,
          picture: 'slate',
          warnings: [
            {
              code: 'device-microphone-other',
              sentence: 'The microphone was disconnected. Another one is used until it is back.',
            },
          ],
        },
      })
    },
  },
  {
    name: 'live-4-live-view',
    path: manage,
    prepare: (world) => void (world.streams = [{ ...whip, phase: 'live', status: 'live', whepUrl: '/media/whep' }]),
    act: async (on) => {
      await goLive(on, 'Go live again')
      await emit(on, 'Live')
      await press(on, 'Devices')
      await press(on, 'See what the guests see')
      await on.frameLocator('viewers-view iframe').locator('memorial-player[playing]').waitFor()
    },
  },
  {
    name: 'live-5-waiting',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Live')
      await emit(on, 'Waiting')
    },
  },
  {
    name: 'live-6-stop',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Live')
      await press(on, 'Stop Streaming')
    },
  },
  {
    name: 'live-7-0-stopping',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Live')
      await emit(on, 'Stopping')
    },
  },
  {
    name: 'live-7-ended',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Live')
      await emit(on, 'Idle', { stream: null })
    },
  },
  {
    name: 'live-8-failed',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await goLive(on)
      await emit(on, 'Failed', {
        stream: null,
        reason: 'camera-denied',
        sentence:
          'The camera and microphone are not allowed here. Please open the browser’s settings for this page, choose Allow, and try again.',
      })
    },
  },
  {
    name: 'live-9-unsupported',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await on.evaluate(() => Reflect.deleteProperty(window, 'RTCPeerConnection'))
      await press(on, 'Go Live')
      await on.getByRole('textbox', { name: 'Address of this page' }).waitFor()
    },
  },
]
