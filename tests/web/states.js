// Every page in every state, as tests and pictures of them need it: what the server says, and what is tapped.
import { aStream } from './fake-server.js'
import { press, streamingStates } from './streaming-states.js'

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
  {
    name: 'sign-in-unreachable',
    path: '/sign-in#good-token',
    prepare: (world) => void (world.answers['POST /api/session'] = { status: 0, close: true }),
    act: (on) => on.getByRole('button', { name: 'Try Again' }).waitFor(),
  },
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
          ...(phase === 'none' && { reason: 'The video service made no recording of this broadcast.' }),
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
  {
    name: 'change-keys',
    path: manage,
    prepare: (world) => void (world.streams = [obs]),
    act: async (on) => {
      await press(on, 'Change Chapel camera')
      await press(on, 'Make a new stream key')
    },
  },
  {
    name: 'change-error',
    path: manage,
    prepare: (world) => {
      world.streams = [whip]
      const error = { code: 'invalid', what: 'The time must be a time in UTC.', where: '/scheduledAt' }
      world.answers['PATCH /api/streams/stream-1'] = { status: 422, body: { success: false, error } }
    },
    act: async (on) => {
      await press(on, 'Change Funeral service')
      await press(on, 'Save')
      await on.getByText('The time must be').waitFor()
    },
  },
  {
    name: 'change-refused',
    path: manage,
    prepare: (world) => {
      world.streams = [{ ...live, whipUrl: '/media/whip' }]
      const what = 'This stream is live just now. Please end the broadcast before you delete it.'
      world.answers['DELETE /api/streams/stream-1'] = { status: 409, body: { error: { code: 'is-live', what } } }
    },
    act: async (on) => {
      await press(on, 'Change Funeral service')
      await press(on, 'Remove this stream')
      await press(on, 'Yes, remove')
      await on.getByText('Please end the broadcast').waitFor()
    },
  },
  {
    name: 'manage-unavailable',
    path: manage,
    prepare: (world) => {
      const error = { code: 'store-unavailable', what: 'We could not reach our records just now.' }
      world.answers['GET /api/memorials/memorial-1/streams'] = { status: 503, body: { success: false, error } }
    },
    act: (on) => on.getByRole('button', { name: 'Try Again' }).waitFor(),
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
  ...streamingStates,
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
  {
    name: 'memorial-3-blocked',
    path: page,
    prepare: one({}),
    act: async (on) => {
      await on.waitForFunction(() => window.fakeClient?.players.length)
      await on.evaluate(() => {
        HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('', 'NotAllowedError'))
        window.fakeClient.players[0].emit({ mode: 'whep', stream: document.createElement('canvas').captureStream() })
      })
      await on.getByRole('button', { name: 'Watch now' }).waitFor()
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
  {
    name: 'embed-not-found',
    path: '/embed/nobody',
    act: (on) => on.getByText('We could not find this memorial').first().waitFor(),
  },
  {
    name: 'memorial-failed',
    path: page,
    prepare: (world) => {
      world.events = false
      world.answers['GET /api/memorials/memorial-1'] = { status: 503 }
    },
    act: (on) => on.getByText('The connection was lost.').waitFor(),
  },
  {
    name: 'memorial-not-found',
    path: '/memorials/nobody',
    act: (on) => on.getByRole('heading', { name: 'We could not find this memorial' }).waitFor(),
  },
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
