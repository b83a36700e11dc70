/** The whole of it: sign in, create, go live, watch by WHEP and by HLS, stop, play the recording. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hear, launch, newPage, readVideo } from '../harness/browser.js'
import { createStream, signIn, stopStreaming } from '../harness/steps.js'
import { startVigil, until } from '../harness/vigil.js'

/** @type {import('../harness/vigil.js').Vigil} */
let vigil
/** @type {import('playwright-core').Browser} */
let browser
before(async () => {
  ;[vigil, browser] = await Promise.all([startVigil(), launch()])
})
after(async () => {
  await browser?.close()
  await vigil?.stop()
})

test('a service is streamed from a phone, watched by WHEP and by HLS, and its recording stays', async () => {
  const phone = await newPage(browser, { phone: true, camera: true })
  const memorial = await signIn(phone.page, vigil)
  const goLive = await createStream(phone.page, 'Service for A. Example')

  const byWhep = await newPage(browser)
  const byHls = await newPage(browser, { webrtc: false })
  await Promise.all([byWhep, byHls].map(({ page }) => page.goto(memorial)))

  await goLive.click()
  await phone.page.getByText('Everything is ready.').waitFor()
  await phone.page.getByRole('button', { name: 'Start Streaming' }).click()
  await phone.page.getByText('LIVE', { exact: true }).first().waitFor()
  const started = Date.now()

  const video = {
    whep: byWhep.page.locator('memorial-player video'),
    hls: byHls.page.locator('memorial-player video'),
  }
  for (const [how, limit] of /** @type {['whep' | 'hls', number][]} */ ([
    ['whep', 5_000],
    ['hls', 12_000],
  ])) {
    const first = await until(`the picture by ${how}`, async () => {
      const seen = await readVideo(video[how])
      return seen.age >= 0 && seen.age < limit && seen
    })
    const next = await until(`a moving picture by ${how}`, async () => {
      const seen = await readVideo(video[how])
      return seen.code !== first.code && seen.age >= 0 && seen.age < limit && seen
    })
    assert.deepEqual([next.width, next.height], [1280, 720], `${how}: the chosen size from the start`)
    const heard = await hear(video[how])
    assert.ok(Math.abs(heard - 440) < 12, `${how}: the tone is 440 Hz, heard ${heard}`)
  }

  await phone.page.getByRole('button', { name: 'Devices' }).click()
  await phone.page.getByRole('button', { name: 'See what the guests see' }).click()
  const guests = phone.page.frameLocator('viewers-view iframe').locator('memorial-player[playing] video')
  await until('what the guests see', async () => (await readVideo(guests)).age < 5_000)
  await phone.page.getByRole('button', { name: 'Close what they see' }).click()

  await until('a service of some length', () => Date.now() - started > 12_000)
  // On a busy machine the camera's own queue may lag: what has not left the phone when it stops cannot be recorded.
  await until('a picture that keeps up', async () => (await readVideo(video.whep)).age < 500)
  await stopStreaming(phone.page)
  const seconds = (Date.now() - started) / 1000
  await phone.page.getByText('Recording available', { exact: true }).waitFor({ timeout: 20_000 })

  for (const { page } of [byWhep, byHls]) {
    const recording = page.locator('memorial-player video')
    const duration = await until(
      'the recording on the memorial page',
      () =>
        recording.evaluate((v) => {
          const d = /** @type {HTMLVideoElement} */ (v).duration
          return Number.isFinite(d) && d
        }),
      20_000,
    )
    assert.ok(Math.abs(duration - seconds) < 1, `the recording lasts ${duration} s, the service lasted ${seconds} s`)
  }
  const recording = byHls.page.locator('memorial-player video')
  const [from, to] = await recording.evaluate(async (element) => {
    const player = /** @type {HTMLVideoElement} */ (element)
    player.currentTime = 0
    player.playbackRate = 4
    await player.play()
    const begin = player.currentTime
    await new Promise((resolve) => player.addEventListener('ended', resolve, { once: true }))
    return [begin, player.currentTime]
  })
  assert.ok(from < 1 && Math.abs(to - seconds) < 1, `it plays from ${from} s to ${to} s`)

  const { whipUrl } = await phone.page.evaluate(async () => {
    const { streams } = await (await fetch(`/api${location.pathname.replace('/manage', '')}/streams`)).json()
    return (await (await fetch(`/api/streams/${streams[0].id}`)).json()).stream
  })
  const secret = new URL(whipUrl).pathname.split('/').find((part) => /^[0-9a-f]{32}k/.test(part))
  assert.ok(secret && !vigil.log().includes(secret), 'the key is in no log')
  assert.ok(!(await (await fetch(memorial.replace('/memorials', '/api/memorials'))).text()).includes(secret))

  for (const { faults } of [phone, byWhep, byHls]) assert.deepEqual(faults, [])
})
