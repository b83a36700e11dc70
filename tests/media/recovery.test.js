import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, test } from 'node:test'
import {
  apiOf,
  apiToken,
  child,
  createInput,
  faultsOf,
  get,
  given,
  probe,
  publishRtmp,
  publishWhip,
  secondsOf,
  secrets,
  segmentsOf,
  until,
  webhookReceiver,
} from './media.js'

/**
 * The server as its own process, so that it can be killed.
 * @param {import('node:test').TestContext} test
 * @param {string} dataFolder
 * @param {string} webhookUrl
 * @param {Record<string, string>} [env]
 */
async function startProcess(test, dataFolder, webhookUrl, env) {
  const main = child(process.execPath, ['media/main.js'], {
    HOST: '127.0.0.1',
    MEDIA_PORT: '0',
    RTMP_PORT: '0',
    MEDIA_UDP_PORT: '0',
    MEDIA_DATA: dataFolder,
    MEDIA_API_TOKEN: apiToken,
    WEBHOOK_URL: webhookUrl,
    WEBHOOK_SECRET: secrets.webhookSecret,
    WEBHOOK_AUTH_SECRET: secrets.webhookAuthSecret,
    SEGMENT_SECONDS: '1',
    TIMEOUT_SECONDS: '1',
    STOP_GRACE_SECONDS: '0.2',
    ...env,
  })
  test.after(main.kill)
  const url = await until('it listens', () => /media listening on (\S+)/.exec(main.said())?.[1])
  return { ...main, url, api: apiOf(url) }
}

/** The videos' records as they lie on disk, by live input. @param {string} folder */
async function recordsOf(folder) {
  /** @type {Record<string, import('../../media/videos.js').Video>} */
  const records = {}
  for (const uid of await readdir(path.join(folder, 'videos'))) {
    const video = JSON.parse(await readFile(path.join(folder, 'videos', uid, 'video.json'), 'utf8'))
    records[video.liveInput] = video
  }
  return records
}

/** @param {import('node:test').TestContext} test */
async function folderAndHooks(test) {
  const folder = await mkdtemp(path.join(tmpdir(), 'vigil-media-'))
  const hooks = await webhookReceiver()
  test.after(async () => {
    hooks.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  })
  return { folder, hooks }
}

// Most of their time is waiting.
describe('what survives', { concurrency: 3 }, () => {
  test('after kill -9 and a restart the recording so far is playable, and everything is told', async (t) => {
    const { folder, hooks } = await folderAndHooks(t)
    const first = await startProcess(t, folder, hooks.url)
    const input = await createInput(first.api)
    const publisher = publishRtmp(input.rtmps.url + input.rtmps.streamKey)
    t.after(publisher.kill)
    const playlist = await until('three segments', async () => {
      const { status, text } = await get(`${first.url}/${input.uid}/manifest/video.m3u8`)
      return status === 200 && segmentsOf(text).length >= 3 ? text : undefined
    })
    first.kill()
    await first.ended

    const second = await startProcess(t, folder, hooks.url)
    const videos = (await second.api('GET', `/live_inputs/${input.uid}/videos`)).body.result
    assert.equal(videos.length, 1)
    const open = await get(`${second.url}/${videos[0].uid}/manifest/video.m3u8`)
    assert.equal(open.status, 200)
    assert.ok(segmentsOf(open.text).length >= segmentsOf(playlist).length)

    const ready = await until('the video is ready', () => hooks.find('video.ready'))
    assert.deepEqual(hooks.events(), ['live_input.connected', 'live_input.disconnected', 'video.ready'])
    assert.equal(ready.body.uid, videos[0].uid)
    assert.ok(ready.body.duration >= secondsOf(playlist) - 0.01, String(ready.body.duration))
    const recording = `${second.url}/${videos[0].uid}/manifest/video.m3u8`
    assert.match((await get(recording)).text, /ENDLIST/)
    assert.equal(await faultsOf(recording), '')
    const mp4 = await probe(`${second.url}/${videos[0].uid}/downloads/default.mp4`)
    assert.ok(Math.abs(mp4.seconds - ready.body.duration) < 0.2)
  })

  test('a server whose parent was killed ends, though nobody reads its log any more', async (t) => {
    const { folder, hooks } = await folderAndHooks(t)
    const media = await startProcess(t, folder, hooks.url, { EXIT_WITH_PARENT: '1' })
    const input = await createInput(media.api)
    t.after(publishRtmp(input.rtmps.url + input.rtmps.streamKey).kill)
    await until('it is connected', () => hooks.find('live_input.connected'))
    for (const pipe of media.process.stdio) pipe?.destroy()
    const code = await Promise.race([media.ended, new Promise((resolve) => setTimeout(resolve, 10_000, 'still there'))])
    assert.equal(code, 0)
  })

  test('SIGTERM finishes what has been stopped, keeps what has not, and ends with 0', async (t) => {
    const { folder, hooks } = await folderAndHooks(t)
    const media = await startProcess(t, folder, hooks.url, { TIMEOUT_SECONDS: '2', STOP_GRACE_SECONDS: '60' })
    const [input, stopped] = [await createInput(media.api), await createInput(media.api)]
    const publisher = publishRtmp(input.rtmps.url + input.rtmps.streamKey)
    t.after(publisher.kill)
    const other = publishWhip(t, stopped.webRTC.url)
    for (const { uid } of [input, stopped]) {
      await until('it is live', async () => (await get(`${media.url}/${uid}/manifest/video.m3u8`)).status === 200)
    }
    other.order('delete')
    await until('its end is told', () => hooks.find('live_input.disconnected'))

    const asked = Date.now()
    media.process.kill('SIGTERM')
    assert.equal(await media.ended, 0, media.said())
    assert.ok(Date.now() - asked < 6000, `it took ${Date.now() - asked} ms`)
    const about = (/** @type {string} */ uid) =>
      hooks.taken.filter(({ body }) => (body.liveInput ?? body.data.input_id) === uid).map(({ body }) => body)
    assert.equal(about(stopped.uid).at(-1)?.readyToStream, true)
    const gone = about(input.uid).at(-1)
    assert.equal(gone.data.event_type, 'live_input.disconnected')
    assert.equal(gone.data.reason, 'lost')
    const records = await recordsOf(folder)
    assert.equal(records[input.uid].state, 'live')
    assert.equal(records[stopped.uid].state, 'ready')
    const playlist = await readFile(path.join(folder, 'videos', records[input.uid].uid, 'r0', 'run.m3u8'), 'utf8')
    assert.match(playlist, /#EXT-X-ENDLIST/, 'its last segment is complete')

    // Nobody is back in time.
    const again = await startProcess(t, folder, hooks.url)
    const ready = await until('the recording', () => about(input.uid).find((body) => body.readyToStream))
    assert.equal(ready.uid, records[input.uid].uid)
    assert.equal(await faultsOf(`${again.url}/${ready.uid}/manifest/video.m3u8`), '')
    const downloads = () => about(stopped.uid).find((body) => body.readyToStream && body.downloads)
    const { uid } = await until('the MP4 that was not waited for', downloads)
    assert.equal(uid, records[stopped.uid].uid)
  })

  test('a lost publisher who returns in time goes on in the same broadcast, across a discontinuity', async (t) => {
    const media = await given(t, { timeoutSeconds: 6 })
    const input = await media.createInput()
    const url = input.rtmps.url + input.rtmps.streamKey
    const first = publishRtmp(url)
    const count = async () => segmentsOf((await get(input.playback.hls)).text).length
    await until('two segments', async () => (await count()) >= 2)
    first.kill()
    await until('the loss is told', () => media.hooks.find('live_input.disconnected'))
    assert.deepEqual(JSON.parse((await get(`${media.url}/${input.uid}/lifecycle`)).text).live, false)
    const [{ uid }] = (await media.api('GET', `/live_inputs/${input.uid}/videos`)).body.result
    const before = await count()

    const second = publishRtmp(url, { seconds: 3 })
    await until('it goes on', async () => (await count()) > before)
    assert.equal(await second.ended, 0, second.said())
    const ready = await until('the video is ready', () => media.hooks.find('video.ready'))
    const connections = ['live_input.connected', 'live_input.disconnected']
    assert.deepEqual(media.hooks.events(), [...connections, ...connections, 'video.ready'])
    assert.equal(ready.body.uid, uid)
    const { text } = await get(ready.body.playback.hls)
    assert.equal(text.match(/#EXT-X-DISCONTINUITY\n/g)?.length, 1)
    assert.equal(text.match(/#EXT-X-MAP:/g)?.length, 2)
    const mp4 = await probe(ready.body.downloads.default)
    assert.ok(Math.abs(mp4.seconds - ready.body.duration) < 0.5, `${mp4.seconds} for ${ready.body.duration}`)
    assert.ok(media.logged.some(({ event, copied }) => event === 'mp4.ready' && copied === true))
  })

  test('runs of different size and sound become one MP4', async (t) => {
    const media = await given(t, { timeoutSeconds: 4, stopGraceSeconds: 4 })
    const input = await media.createInput()
    const url = input.rtmps.url + input.rtmps.streamKey
    await publishRtmp(url, { seconds: 2, size: '320x180' }).ended
    await publishRtmp(url, { seconds: 2, size: '180x320', sound: false }).ended
    const ready = await until('the video is ready', () => media.hooks.find('video.ready'))
    const file = `${media.url}/${ready.body.uid}/downloads/default.mp4`
    const made = await until('the MP4 is made', () => media.logged.find(({ event }) => event.startsWith('mp4.')))
    assert.equal(made.event, 'mp4.ready', JSON.stringify(made))
    assert.equal(made.copied, false)
    const told = await until('it is told again, now with the file', () =>
      media.hooks.taken.find(({ body }) => body.downloads),
    )
    assert.equal(told.body.downloads.default, file)
    const { seconds, streams } = await probe(file)
    assert.ok(Math.abs(seconds - ready.body.duration) < 0.5, `${seconds} for ${ready.body.duration}`)
    assert.deepEqual(streams.map(({ codec_name }) => codec_name).sort(), ['aac', 'h264'])
    assert.equal(await faultsOf(file), '')
  })

  test('ffmpeg that dies is started again: the same broadcast, a new run', async (t) => {
    const media = await given(t)
    const input = await media.createInput()
    const publisher = publishRtmp(input.rtmps.url + input.rtmps.streamKey)
    t.after(publisher.kill)
    await until('there is a segment', async () => (await get(input.playback.hls)).status === 200)
    const broadcast = media.lives.broadcastOf(input.uid)
    const packager = /** @type {number} */ (broadcast?.packagerPid)
    process.kill(packager, 'SIGKILL')
    await until('the next run has a segment', () => !!broadcast?.runs[1]?.segments.length)
    assert.match((await get(input.playback.hls)).text, /#EXT-X-DISCONTINUITY\n/)
    assert.ok(media.lives.isLive(input.uid))
  })

  test('without ffmpeg the server stays up and says so', async (t) => {
    const media = await given(t, { ffmpeg: '/nonexistent/ffmpeg', timeoutSeconds: 0.2 })
    const input = await media.createInput()
    const publisher = publishRtmp(input.rtmps.url + input.rtmps.streamKey)
    t.after(publisher.kill)
    const errored = await until('it is told', () => media.hooks.find('live_input.errored'))
    assert.equal(errored.body.data.live_input_errored.error.code, 'ERR_PACKAGING')
    assert.ok(media.lives.isLive(input.uid))
    publisher.kill()
    await until('there is no recording', () => media.hooks.find('video.error'))
  })

  test('a recording is kept for as many days as its live input says, and no longer', async (t) => {
    const media = await given(t)
    const create = async (/** @type {object} */ more) => {
      const settings = { recording: { mode: 'automatic' }, ...more }
      return (await media.api('POST', '/live_inputs', settings)).body.result
    }
    const inputs = await Promise.all([create({ deleteRecordingAfterDays: 30 }), create({})])
    const recordings = await Promise.all(
      inputs.map(async ({ uid, rtmps }) => {
        await publishRtmp(rtmps.url + rtmps.streamKey, { seconds: 2 }).ended
        const ready = await until('the video is ready', () =>
          media.hooks.taken.find(({ body }) => body.liveInput === uid && body.readyToStream),
        )
        return ready.body
      }),
    )
    const [month, forever] = recordings
    const days = (Date.parse(month.scheduledDeletion) - Date.now()) / 86_400_000
    assert.ok(days > 29.9 && days <= 30, String(days))
    assert.equal(forever.scheduledDeletion, null)
    await media.close()
    const file = path.join(media.dataFolder, 'videos', month.uid, 'video.json')
    const record = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...record, scheduledDeletion: new Date().toISOString() }))
    const later = await given(t, { dataFolder: media.dataFolder })
    const listed = async () => (await later.api('GET', '')).body.result.map((/** @type {any} */ { uid }) => uid)
    await until('it is deleted', async () => !(await listed()).includes(month.uid))
    assert.deepEqual(await listed(), [forever.uid])
    const folders = () => readdir(path.join(media.dataFolder, 'videos'))
    await until('its files are gone', async () => (await folders()).length === 1)
    assert.deepEqual(await folders(), [forever.uid])
  })

  test('a segment that a power cut left empty is left out of the recording', async (t) => {
    const { folder, hooks } = await folderAndHooks(t)
    const first = await startProcess(t, folder, hooks.url)
    const input = await createInput(first.api)
    const publisher = publishRtmp(input.rtmps.url + input.rtmps.streamKey)
    t.after(publisher.kill)
    await until('three segments', async () => {
      const { status, text } = await get(`${first.url}/${input.uid}/manifest/video.m3u8`)
      return status === 200 && segmentsOf(text).length >= 3
    })
    first.kill()
    await first.ended
    const [uid] = await readdir(path.join(folder, 'videos'))
    await writeFile(path.join(folder, 'videos', uid, 'r0', 's00001.m4s'), '')
    await startProcess(t, folder, hooks.url)
    const ready = await until('the video is ready', () => hooks.find('video.ready'))
    const { text } = await get(ready.body.playback.hls)
    assert.ok(text.includes('s00000.m4s') && text.includes('s00002.m4s') && !text.includes('s00001.m4s'))
  })
})
