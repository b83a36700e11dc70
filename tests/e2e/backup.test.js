/** A service with a backup: simulcast to a second provider, two recordings, and the one standing in for the other. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, test } from 'node:test'
import { launch, newPage, readVideo } from '../harness/browser.js'
import { createStream, signIn, stopStreaming } from '../harness/steps.js'
import { startVigil, until } from '../harness/vigil.js'

/** @typedef {import('../../web/types.js').PublicStream} PublicStream */

/** @type {import('../harness/vigil.js').Vigil} */
let vigil
/** @type {import('playwright-core').Browser} */
let browser
/** Whoever manages the memorial. @type {Awaited<ReturnType<typeof newPage>>} */
let manager
/** @type {string} */
let memorial
before(async () => {
  ;[vigil, browser] = await Promise.all([startVigil({ env: { MUX_RECONNECT_SECONDS: '2' } }), launch()])
  manager = await newPage(browser, { camera: true })
  memorial = await signIn(manager.page, vigil)
})
after(async () => {
  await browser?.close()
  await vigil?.stop()
})

/** @param {string} title @returns {Promise<PublicStream>} */
async function publicView(title) {
  const { streams } = await (await fetch(memorial.replace('/memorials', '/api/memorials'))).json()
  return streams.find((/** @type {PublicStream} */ stream) => stream.title === title)
}

/** What those who may manage it know. @param {string} id */
const fullView = (id) =>
  manager.page.evaluate(async (id) => (await (await fetch(`/api/streams/${id}`)).json()).stream, id)

/** @param {string} title */
const bothRecordings = (title) =>
  until(
    'both recordings, told by webhook',
    async () => {
      const stream = await publicView(title)
      const { cloudflare, mux } = stream.recordingSources ?? {}
      return stream.phase === 'recording' && cloudflare?.available && mux?.available && { stream, cloudflare, mux }
    },
    60_000,
  )

test('the backup receives the service, and plays where the first recording does not', async () => {
  const title = 'Service with a backup'
  const goLive = await createStream(manager.page, title, { backup: true })
  const card = manager.page.locator('stream-card').filter({ hasText: title })
  await card.getByText('Mux Backup', { exact: true }).waitFor()

  const guest = await newPage(browser, { webrtc: false })
  await guest.page.goto(memorial)
  await goLive.click()
  await manager.page.getByRole('button', { name: 'Start Streaming' }).click()
  const video = guest.page.locator('memorial-player video')
  await until('the picture by HLS', async () => (await readVideo(video)).age < 12_000, 20_000)

  const { id } = await publicView(title)
  const { muxPlaybackId } = await fullView(id)
  const live = `${vigil.origin}/media/mux/${muxPlaybackId}.m3u8`
  await until('the simulcast at the second provider', async () => (await fetch(live)).ok, 30_000)
  const started = Date.now()
  await until('a service of some length', () => Date.now() - started > 6_000)
  await stopStreaming(manager.page)

  const { stream, cloudflare, mux } = await bothRecordings(title)
  assert.equal(stream.preferredRecordingSource, 'cloudflare')
  assert.equal(stream.recordingUrl, cloudflare.playbackUrl)
  const lengths = [cloudflare.duration ?? 0, mux.duration ?? 0]
  assert.ok(Math.min(...lengths) > 5, `both are whole: ${lengths}`)

  // The page plays the first; with that one unavailable, the second.
  const cut = /** @type {string} */ (cloudflare.playbackUrl).replace(/[^/]*$/, '**')
  const visitor = await newPage(browser)
  /** @type {string[]} */
  const asked = []
  visitor.page.on('request', (request) => asked.push(request.url()))
  await visitor.page.goto(memorial)
  await visitor.page.getByRole('button', { name: 'Watch the recording' }).click()
  await until(
    'the first recording',
    async () => (await readVideo(visitor.page.locator('memorial-player video'))).time > 0.5,
  )
  assert.ok(asked.includes(/** @type {string} */ (cloudflare.playbackUrl)))
  assert.deepEqual(visitor.faults, [])

  const unlucky = await newPage(browser)
  await unlucky.page.route(cut, (route) => route.abort())
  await unlucky.page.goto(memorial)
  const play = unlucky.page.getByRole('button', { name: 'Watch the recording' }).first()
  await until(
    'the backup instead',
    async () => {
      if (await play.isVisible()) await play.click()
      return (await readVideo(unlucky.page.locator('memorial-player video'))).time > 0.5
    },
    20_000,
  )
  for (const { faults } of [manager, guest]) assert.deepEqual(faults, [])
})

test('OBS sends RTMP with the address and key it was given, and its recording stays', async () => {
  const title = 'Service by OBS'
  const { page } = manager
  await page.getByRole('button', { name: 'Create Stream' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create a stream' })
  await dialog.getByRole('radio', { name: 'OBS Studio (RTMP)' }).check()
  await dialog.getByRole('textbox', { name: 'Title' }).fill(title)
  await dialog.getByRole('button', { name: 'Create Stream' }).click()
  const card = page.locator('stream-card').filter({ hasText: title })
  await card.getByRole('button', { name: 'Show the stream key' }).click()
  const url = await card.getByLabel('RTMP URL', { exact: true }).inputValue()
  const key = await card.getByLabel('Stream key', { exact: true }).inputValue()

  const guest = await newPage(browser, { webrtc: false })
  await guest.page.goto(memorial)
  const obs = spawn('ffmpeg', [
    ...['-v', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', '8'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-g', '60'],
    ...['-c:a', 'aac', '-f', 'flv', `${url.replace(/\/$/, '')}/${key}`],
  ])
  const ended = new Promise((resolve) => obs.once('exit', resolve))
  await card.getByText('LIVE', { exact: true }).waitFor({ timeout: 15_000 })
  const video = guest.page.locator('memorial-player video')
  await until('a picture', async () => (await readVideo(video)).width === 640, 20_000)
  assert.equal(await ended, 0, 'everything was taken')
  await card.getByText('Recording available').waitFor({ timeout: 30_000 })
  const { duration = 0 } = await publicView(title)
  assert.ok(Math.abs(duration - 8) < 1, `the recording lasts ${duration} s of 8`)
  for (const { faults } of [manager, guest]) assert.deepEqual(faults, [])
  assert.ok(!vigil.log().includes(key), 'the key is in no log')
})
