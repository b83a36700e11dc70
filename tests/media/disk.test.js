/** What cannot be written at first. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { Broadcast } from '../../media/broadcast.js'
import { defaults } from '../../media/config.js'
import { Output } from '../../media/output.js'
import { Videos } from '../../media/videos.js'
import { get, given, publishRtmp, publishWhip, segmentsOf, until } from './media.js'

/** @param {import('node:test').TestContext} test */
async function folder(test) {
  const name = await mkdtemp(path.join(tmpdir(), 'vigil-disk-'))
  test.after(() => rm(name, { recursive: true, force: true }))
  return name
}

for (const protocol of ['WHIP', 'RTMP']) {
  test(`a disk that is full for a while costs only that while (${protocol})`, async (t) => {
    const media = await given(t)
    const input = await media.createInput()
    const { create } = Videos.prototype
    let full = true
    t.mock.method(
      Videos.prototype,
      'create',
      /** @this {any} */ function (/** @type {any[]} */ ...args) {
        if (full) throw new Error("ENOSPC: no space left on device, mkdir '…'")
        return /** @type {any} */ (create).apply(this, args)
      },
    )
    if (protocol === 'WHIP') publishWhip(t, input.webRTC.url)
    else t.after(publishRtmp(input.rtmps.url + input.rtmps.streamKey).kill)
    const errored = await until('it is told', () => media.hooks.find('live_input.errored'))
    assert.equal(errored.body.data.live_input_errored.error.code, 'ERR_STORAGE_QUOTA_EXHAUSTED')
    assert.ok(media.lives.isLive(input.uid))
    full = false
    await until('it is recorded', async () => segmentsOf((await get(input.playback.hls)).text).length >= 2)
    assert.equal((await media.api('GET', `/live_inputs/${input.uid}/videos`)).body.result.length, 1)
    assert.deepEqual(media.hooks.events(), ['live_input.connected', 'live_input.errored'])
  })
}

/** What `create` needs of a live input. @type {any} */
const input = { uid: 'a'.repeat(32), meta: {}, recording: { allowedOrigins: [] }, defaultCreator: null }

test('a broadcast has a record as soon as it has a folder', async (t) => {
  const videos = new Videos(await folder(t))
  await videos.open()
  const { uid } = videos.create(input)
  const again = new Videos(videos.folder)
  await again.open()
  assert.equal(again.get(uid)?.liveInput, input.uid)
  assert.equal(again.get(uid)?.state, 'live')
})

test('a broadcast that cannot be recorded leaves nothing', async (t) => {
  const videos = new Videos(path.join(await folder(t), 'missing'))
  assert.throws(() => videos.create(input), /ENOENT/)
  assert.deepEqual(videos.all(), [])
})

test('an output whose ffmpeg cannot be started tries again, and disturbs nobody', async (t) => {
  const config = { ...defaults, dataFolder: await folder(t), log: () => {}, ffmpeg: 'no\0program' }
  const target = { uid: 'o', url: 'rtmp://127.0.0.1:9/app', streamKey: 'k', enabled: true }
  const output = new Output(target, config)
  t.after(() => output.end())
  let troubles = 0
  output.on('trouble', () => troubles++)
  output.start({ container: 'flv', videoCodec: '', audioCodec: 'AAC', bytes: Buffer.from('FLV') })
  await until('it has tried again', () => troubles === 2)
})

test('a run that could not begin does not stand in the way of the next try', async (t) => {
  const name = await folder(t)
  const config = { ...defaults, log: () => {}, ffmpeg: 'no\0program' } // spawn throws
  const broadcast = new Broadcast(/** @type {any} */ ({ uid: 'v' }), name, config)
  t.after(() => broadcast.finish())
  /** @type {string[]} */
  const troubles = []
  broadcast.on('trouble', (reason) => troubles.push(reason))
  broadcast.start({ container: 'flv', videoCodec: '', audioCodec: 'AAC', bytes: Buffer.from('FLV') })
  assert.match(troubles[0], /null bytes/)
  config.ffmpeg = process.execPath
  await until('it begins', () => broadcast.runs.length === 1)
  assert.equal(broadcast.runs[0].name, 'r0')
  assert.equal(troubles.filter((reason) => /EEXIST/.test(reason)).length, 0)
})
