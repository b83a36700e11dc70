// Every page in every state, as tests and pictures of them need it: what the server says, and what is tapped.
import { aStream } from './fake-server.js'

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./fake-server.js').World} World
 * @typedef {{name: string, path: string, prepare?: (world: World) => void, act?: (page: Page) => Promise<unknown>}} State
 */

const page = '/memorials/memorial-1'
const manage = `${page}/manage`

const live = aStream({ phase: 'live', status: 'live', whepUrl: '/media/whep', startedAt: '2026-11-20T10:00:00Z' })
const recorded = aStream({
  phase: 'recording',
  status: 'completed',
  recordingUrl: '/media/recording.mp4',
  downloadUrl: '/media/recording.mp4',
  duration: 2723,
  startedAt: '2026-11-20T10:00:00Z',
})
const graveside = { ...recorded, id: 'stream-2', title: 'Graveside', createdAt: '2026-11-19T09:00:00Z', duration: 912 }
const obs = aStream({
  id: 'stream-3',
  title: 'Chapel camera',
  streamingMethod: 'obs',
  rtmpUrl: 'rtmp://vigil.example:1935/live',
  streamKey: '8c1d02e97d0b4a55k5f1e',
  recordingSources: { cloudflare: { available: false }, mux: { available: false } },
})
const whip = aStream({ whipUrl: '/media/whip' })
const unrecorded = aStream({
  path: 'direct',
  capabilities: { records: false, hls: false, outputs: false, whep: true },
})

/** @param {Page} on @param {string} name */
const press = (on, name) => on.getByRole('button', { name, exact: true }).last().click()
/** @param {Page} on */
const goLive = async (on) => {
  await press(on, 'Go Live')
  await on.getByText('Nobody can see you yet.').first().waitFor()
}
/** With its made-up camera Chromium never asks, and says so. @param {Page} on */
export const willAsk = (on) =>
  on.evaluate(() => {
    navigator.permissions.query = async () => /** @type {PermissionStatus} */ ({ state: 'prompt' })
  })
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
/** They go when nobody needs them. @param {Page} on */
const reachControls = async (on) => {
  await on.getByRole('button', { name: 'pause' }).focus()
  await on.keyboard.press('ArrowUp')
}
/** @param {Partial<import('../../web/types.js').FullStream>} differences */
const one = (differences) => (/** @type {World} */ world) => void (world.streams = [aStream(differences)])

/** @type {State[]} */
export const states = [
  { name: 'home-signed-out', path: '/', prepare: (world) => void (world.user = null) },
  {
    name: 'home',
    path: '/',
    prepare: (world) => void world.memorials.push({ id: 'm2', name: 'Henry James Whitcombe', canManage: true }),
  },
  {
    name: 'home-error',
    path: '/',
    prepare: (world) => void (world.memorials = []),
    act: (on) => press(on, 'Add Memorial'),
  },
  { name: 'sign-in-used', path: '/sign-in#old', prepare: (world) => void (world.user = null) },
  { name: 'sign-in-missing', path: '/sign-in', prepare: (world) => void (world.user = null) },
  { name: 'not-found', path: '/nowhere' },
  { name: 'offline', path: '/offline' },
  { name: 'manage-empty', path: manage },
  {
    name: 'manage',
    path: manage,
    prepare: (world) => void (world.streams = [live, obs, { ...whip, id: 's4', title: 'Reception' }, graveside]),
  },
  {
    name: 'manage-states',
    path: manage,
    prepare: (world) =>
      void (world.streams = /** @type {const} */ (['waiting', 'interrupted', 'preparing', 'recording', 'none']).map(
        (phase, n) => ({
          ...recorded,
          id: `s${n}`,
          title: phase,
          phase,
          status: n > 1 ? 'completed' : 'ready',
          createdAt: `2026-11-2${9 - n}T09:00:00Z`,
        }),
      )),
  },
  {
    name: 'manage-obs',
    path: manage,
    prepare: (world) => void (world.streams = [obs]),
    act: async (on) => {
      await press(on, 'Show the stream key')
      await on.getByText('How to set up OBS Studio').click()
    },
  },
  {
    name: 'manage-lacking',
    path: manage,
    prepare: (world) => void (world.streams = [{ ...whip, backup: 'failed' }]),
  },
  {
    name: 'manage-unrecorded',
    path: manage,
    prepare: (world) => void (world.streams = [unrecorded]),
  },
  {
    name: 'change',
    path: manage,
    prepare: (world) => void (world.streams = [obs]),
    act: (on) => press(on, 'Change Chapel camera'),
  },
  {
    name: 'change-remove',
    path: manage,
    prepare: (world) => void (world.streams = [whip]),
    act: async (on) => {
      await press(on, 'Change Funeral service')
      await press(on, 'Remove this stream')
    },
  },
  { name: 'manage-signed-out', path: manage, prepare: (world) => void (world.user = null) },
  { name: 'manage-forbidden', path: manage, prepare: (world) => void (world.memorials[0].canManage = false) },
  { name: 'create', path: manage, act: (on) => press(on, 'Create Stream') },
  {
    name: 'create-error',
    path: manage,
    act: async (on) => {
      await press(on, 'Create Stream')
      await press(on, 'Create Stream')
    },
  },
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
  { name: 'memorial-0-none', path: page },
  { name: 'memorial-1-waiting', path: page, prepare: one({}) },
  { name: 'memorial-1-planned', path: page, prepare: one({ scheduledAt: '2026-11-20T10:00:00Z' }) },
  {
    name: 'memorial-2-connecting',
    path: page,
    prepare: one({ phase: 'live', status: 'live', hlsUrl: '/media/none.m3u8' }),
    act: (on) => on.getByText('The picture will be here').first().waitFor(),
  },
  {
    name: 'memorial-3-live',
    path: page,
    prepare: (world) => void (world.streams = [live, graveside]),
    act: reachControls,
  },
  {
    name: 'memorial-3-live-muted',
    path: page,
    prepare: (world) => void (world.streams = [live]),
    act: async (on) => {
      await reachControls(on)
      await press(on, 'mute')
    },
  },
  { name: 'memorial-4-interrupted', path: page, prepare: one({ phase: 'interrupted', status: 'live' }) },
  { name: 'memorial-5-preparing', path: page, prepare: one({ phase: 'preparing', status: 'completed' }) },
  { name: 'memorial-6-recording', path: page, prepare: (world) => void (world.streams = [recorded, graveside]) },
  {
    name: 'memorial-7-ended',
    path: page,
    prepare: one({ phase: 'none', status: 'completed', reason: 'Nothing was sent, so there is nothing to watch.' }),
  },
  { name: 'memorial-8-shared', path: page, prepare: one({}), act: (on) => press(on, 'Share') },
  { name: 'embed', path: '/embed/memorial-1', prepare: one({}) },
  { name: 'embed-live', path: '/embed/memorial-1', prepare: one(live), act: reachControls },
  { name: 'memorial-not-found', path: '/memorials/nobody' },
]

/**
 * Brings a fresh page into a state.
 *
 * @param {Page} on
 * @param {string} url  of the fake server
 * @param {State} state
 */
export async function enter(on, url, { path, act }) {
  await on.goto(url + path)
  await on.getByRole('heading').first().waitFor()
  await act?.(on)
  await on.evaluate(() => document.fonts.ready)
}
