/** Making the MP4, when another is still at it or the server is to end. */
import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Broadcast } from '../../media/broadcast.js'
import { defaults } from '../../media/config.js'
import { Recorder } from '../../media/recorder.js'
import { writeMp4, writePlaylist } from '../../media/recording.js'
import { Videos } from '../../media/videos.js'
import { until } from './media.js'

/** What `create` needs of a live input. @type {any} */
const input = { uid: 'a'.repeat(32), meta: {}, recording: { allowedOrigins: [] }, defaultCreator: null }

/**
 * A video of one run, and programs that do as they are told in place of ffmpeg.
 * @param {import('node:test').TestContext} test
 */
async function given(test) {
  const folder = await mkdtemp(path.join(tmpdir(), 'vigil-mp4-'))
  test.after(() => rm(folder, { recursive: true, force: true }))
  const videos = new Videos(path.join(folder, 'videos'))
  await videos.open()
  const video = videos.create(input)
  const { uid } = video
  await mkdir(videos.path(uid, 'r0'))
  await writeFile(videos.path(uid, 'r0', 'init.mp4'), 'init')
  await writeFile(videos.path(uid, 'r0', 's00000.m4s'), 'segment')
  await writeFile(videos.path(uid, 'r0', 'run.m3u8'), '#EXTM3U\n#EXTINF:2.0,\ns00000.m4s\n')
  /** A shell script; $draft is where the MP4 is to go. */
  const program = async (/** @type {string} */ name, /** @type {string} */ text) => {
    const file = path.join(folder, name)
    await writeFile(file, `#!/bin/sh\nfor draft; do :; done\n${text}\n`)
    await chmod(file, 0o755)
    return file
  }
  return { folder, videos, video, uid, program }
}

/** @param {string} file */
const exists = (file) =>
  readFile(file).then(
    () => true,
    () => false,
  )

/** @param {number} pid; of the process group it belongs to */
const groupOf = async (pid) => Number((await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ')[2])

test('one that is still at it, left over from a killed server, spoils nothing', async (t) => {
  const { folder, videos, uid, program } = await given(t)
  const recording = await writePlaylist(videos, uid, 2)
  const [ready, go, done] = ['ready', 'go', 'done'].map((name) => path.join(folder, name))
  const wait = `while [ ! -e ${go} ]; do sleep 0.05; done`
  const late = await program('late', `exec 9>"$draft"; : >${ready}; ${wait}; echo late >&9; : >${done}`)
  const leftOver = writeMp4(videos, uid, recording, late).catch(() => {})
  await until('the first is at it', () => exists(ready))
  await writeMp4(videos, uid, recording, await program('quick', 'echo whole >"$draft"'))
  await writeFile(go, '')
  await until('the first has ended', () => exists(done))
  await leftOver
  assert.equal(await readFile(videos.path(uid, 'recording.mp4'), 'utf8'), 'whole\n')
  assert.deepEqual(
    (await readdir(videos.path(uid))).filter((name) => name.startsWith('.')),
    [],
    'no drafts stay',
  )
})

test('the server ends without waiting for an MP4: that is ended, and made after the next start', async (t) => {
  const { folder, videos, video, uid, program } = await given(t)
  /** @type {any} */
  const notices = { recorded: async () => {} }
  const pidFile = path.join(folder, 'pid')
  const slow = await program('slow', `echo $$ >${pidFile}.new; mv ${pidFile}.new ${pidFile}; exec sleep 60`)
  const config = { ...defaults, segmentSeconds: 0.1, log: () => {}, ffmpeg: slow }
  const recorder = new Recorder(config, videos, () => notices)
  const { runs } = await videos.runs(uid)
  const finished = recorder.finish(new Broadcast(video, videos.path(uid), config, runs))
  const pid = Number(
    await until('it is at it', () =>
      readFile(pidFile, 'utf8')
        .catch(() => '')
        .then((text) => text.trim() || undefined),
    ),
  )
  assert.equal(await groupOf(pid), await groupOf(process.pid), 'who ends our group ends it, too')
  const asked = Date.now()
  await recorder.close(8000)
  assert.ok(Date.now() - asked < 3000, `it took ${Date.now() - asked} ms`)
  await finished
  await until('it has ended', async () => !(await exists(`/proc/${pid}/stat`)))
  assert.deepEqual([video.state, video.download], ['ready', 'wanted'])

  const again = new Recorder(
    { ...config, ffmpeg: await program('quick', 'echo whole >"$draft"') },
    videos,
    () => notices,
  )
  await again.resume(video)
  assert.equal(video.download, 'ready')
})

test('an encoder that hangs at the end does not keep the server from ending', async (t) => {
  const { videos, video, uid } = await given(t)
  const config = { ...defaults, log: () => {} }
  const recorder = new Recorder(config, videos, () => /** @type {any} */ ({ recorded: async () => {} }))
  const broadcast = new Broadcast(video, videos.path(uid), config)
  broadcast.finish = () => pause(60_000, undefined, { ref: false })
  void recorder.finish(broadcast)
  const asked = Date.now()
  await recorder.close(500)
  assert.ok(Date.now() - asked < 2000)
})
