/** Two instances on one Firestore, with everything spread over both at once: nothing is lost, nothing is doubled. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openFirebase } from '../../shim/ports/firebase.js'
import { openFirestore } from '../../shim/ports/store-firestore.js'
import { until } from '../harness/vigil.js'
import { skipWithoutEmulator, startEmulator, timeout } from './firestore.js'
import { createKit, notification, publicStream, video } from './kit.js'

const skip = skipWithoutEmulator()

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {import('./kit.js').Kit[]} */
let instances = []
/** @type {(() => Promise<void>)[]} */
const ends = []
/** @type {import('./media-api.js').MediaApi} */
let media
const clock = { later: 0 }

before(async () => {
  if (skip) return
  emulator = await startEmulator()
  const projectId = emulator.project()
  for (let i = 0; i < 2; i++) {
    const firebase = await openFirebase({ projectId })
    const store = await openFirestore({ app: firebase.app, log: () => {}, timeout })
    const kit = await createKit({ store, media, clock: () => Date.now() + clock.later })
    media = kit.media
    instances.push(kit)
    ends.push(async () => {
      await kit.close()
      await store.close()
      await firebase.close()
    })
  }
})
after(async () => {
  // The first one has the providers, so it goes last.
  for (const end of ends.reverse()) await end()
  await emulator?.stop()
})

/** One after the other, and back. */
let turn = 0
const next = () => instances[turn++ % 2]
/** @template T @param {T[]} rows */
const shuffled = (rows) => [...rows].sort(() => Math.random() - 0.5)

const order = { memorialId: 'm1', title: 'Service', enableMuxBackup: true }
const streams = /** @type {any[]} */ ([])

test('taps on both at once make one stream for each key', { skip }, async () => {
  const taps = ['a', 'b', 'c', 'd'].flatMap((key) => instances.map((kit) => ({ key, kit })))
  const made = await Promise.all(
    shuffled(taps).map(async ({ key, kit }) => {
      const answer = await kit.post('/api/streams/create-whip', order, 'owner', { 'idempotency-key': key })
      assert.equal(answer.status, 201, JSON.stringify(await answer.clone().json()))
      return { key, stream: (await answer.json()).stream }
    }),
  )
  for (const key of ['a', 'b', 'c', 'd']) {
    const ids = new Set(made.filter((each) => each.key === key).map(({ stream }) => stream.id))
    assert.equal(ids.size, 1, key)
    streams.push(made.find((each) => each.key === key)?.stream)
  }
  clock.later = 3 * 24 * 3600_000
  await Promise.all(instances.map((kit) => kit.workers.round()))
  clock.later = 0
  assert.deepEqual([...media.inputs.keys()].sort(), streams.map((each) => each.cloudflareInputId).sort())
  assert.equal(media.streams.size, 4)
})

test('what one is told, the pages of the other show', { skip }, async () => {
  const [here, there] = instances
  const reader = (await here.get('/api/memorials/m1/events')).body?.getReader()
  let text = ''
  /** @param {string} what */
  const hears = async (what) => {
    while (!text.includes(what)) {
      const { value, done } = await /** @type {any} */ (reader).read()
      assert.ok(!done, `${what} was never heard of`)
      text += Buffer.from(value).toString()
    }
  }
  await hears('"phase":"waiting"')
  await there.notify(notification('connected', streams[0].cloudflareInputId, '2026-09-23T09:00:00Z'))
  await hears('"phase":"live"')
  await reader?.cancel()
})

test(
  'notices that come to both, in any order and repeated, end the same way as in order and once',
  { skip },
  async () => {
    /** @param {any} stream */
    const notices = ({ cloudflareInputId: input }) => {
      const { id, passthrough } = [...media.streams.values()].find((each) => {
        const outputs = media.inputs.get(input).outputs
        return outputs.some((/** @type {any} */ output) => output.streamKey === each.stream_key)
      })
      const asset = {
        type: 'video.asset.live_stream_completed',
        id: `event-${input}`,
        created_at: '2026-09-23T12:00:30.000000Z',
        object: { type: 'asset', id: `asset-${input}` },
        data: {
          id: `asset-${input}`,
          status: 'ready',
          is_live: false,
          live_stream_id: id,
          passthrough,
          playback_ids: [{ policy: 'public', id: 'play1' }],
          duration: 7200,
          created_at: 1790163821,
        },
      }
      return [
        (/** @type {import('./kit.js').Kit} */ kit) =>
          kit.notify(notification('connected', input, '2026-09-23T10:00:00Z')),
        (/** @type {import('./kit.js').Kit} */ kit) =>
          kit.notify(notification('disconnected', input, '2026-09-23T10:30:00Z')),
        (/** @type {import('./kit.js').Kit} */ kit) =>
          kit.notify(notification('connected', input, '2026-09-23T10:30:20Z')),
        (/** @type {import('./kit.js').Kit} */ kit) =>
          kit.notify(notification('disconnected', input, '2026-09-23T12:00:00Z', { reason: 'stopped' })),
        (/** @type {import('./kit.js').Kit} */ kit) => kit.notifyVideo(video(input, { uid: `video-${input}` })),
        (/** @type {import('./kit.js').Kit} */ kit) => kit.notifyMux(asset),
      ]
    }
    for (const tell of notices(streams[0])) assert.equal((await tell(instances[0])).status, 200)
    const twice = streams.slice(1).flatMap((stream) => [...notices(stream), ...notices(stream)])
    // A provider tells again what was not taken.
    await Promise.all(
      shuffled(twice).map((tell) => until('the notice to be taken', async () => (await tell(next())).status === 200)),
    )
    const document = async (/** @type {any} */ stream) => {
      const found = await instances[0].store.FindStream({ by: 'id', is: stream.id })
      const {
        id,
        cloudflareInputId: input,
        muxLiveStreamId: mux,
        muxStreamKey: key,
        ...rest
      } = /** @type {any} */ (found).document
      for (const name of [
        'whipUrl',
        'whepUrl',
        'playbackUrl',
        'createdAt',
        'updatedAt',
        'nextCheckAt',
        'cloudflareOutputId',
        'muxPlaybackId',
      ]) {
        delete rest[name]
      }
      delete rest.startedAt // the first one was connected an hour earlier, by the test before
      const text = [id, input, mux, key].reduce((all, each) => all.replaceAll(each, '…'), JSON.stringify(rest))
      return JSON.parse(text)
    }
    const expected = await document(streams[0])
    assert.equal(expected.recordingSources.mux.available, true)
    for (const stream of streams.slice(1)) assert.deepEqual(await document(stream), expected)
    assert.equal((await publicStream(instances[1])).phase, 'recording')
  },
)

test('what is left to do is done once, by whichever of the two', { skip }, async () => {
  media.requests.length = 0
  for (const { id } of streams) {
    const kit = next()
    kit.media.fault = (_, response) => Boolean(response.writeHead(503).end('{}'))
    assert.equal((await kit.send('DELETE', `/api/streams/${id}`, undefined, 'owner')).status, 200)
    await kit.workers.idle()
  }
  media.fault = null
  media.requests.length = 0
  clock.later = 3600_000
  await Promise.all(instances.flatMap((kit) => [kit.workers.round(), kit.workers.round()]))
  assert.deepEqual([media.inputs.size, media.streams.size], [0, 0])
  const deleted = media.requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path)
  assert.equal(new Set(deleted).size, deleted.length, 'each was deleted once')
  assert.deepEqual(await instances[0].store.dueIntents('9', 9), [])
  assert.equal(await publicStream(instances[1]), undefined)
})
