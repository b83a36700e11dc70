/**
 * The sound of a funeral, end to end: an organ's chord from 32 Hz to 16 kHz goes into Chromium's microphone, through
 * the client and the media server, and is measured in the recording.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { launch, newPage } from '../harness/browser.js'
import { decodeSound, levelOf, waveFile } from '../harness/sound.js'
import { given } from '../media/media.js'
import { Endpoint, until } from './endpoint.js'

const here = /** @type {any} */ (globalThis)

// An octave apart, none a multiple of another's bin: each can be told from its neighbours' overtones.
const tones = [32, 65, 131, 262, 523, 1047, 2093, 4186, 8372, 16000]
/** Of each tone, in dBFS: together they stay below full scale. */
const loud = -26
/** What a soft stop is below a full one. */
const softer = 30
/** Seconds of each. */
const half = 4

/** Four seconds of all, four of all softly. @param {number} t  s */
const organ = (t) => {
  const gain = 10 ** ((t % (2 * half) < half ? loud : loud - softer) / 20)
  // Phases apart, so that the peaks do not fall together.
  return gain * tones.reduce((sum, hertz, i) => sum + Math.sin(2 * Math.PI * hertz * t + i * i), 0)
}

test('an organ is recorded from 32 Hz to 16 kHz within 3 dB, its quiet passages too', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'vigil-organ-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'organ.wav')
  await writeFile(file, waveFile(2 * half, organ))
  const media = await given(context)
  const input = await media.createInput()
  const pages = await new Endpoint().listen()
  pages.elsewhere = new URL(media.url).origin
  context.after(() => pages.close())
  const browser = await launch({ microphone: file })
  context.after(() => browser.close())
  const { page } = await newPage(browser)
  await page.goto(pages.origin)
  await page.waitForFunction(() => 'ready' in globalThis)
  await page.evaluate((url) => here.publish().start(url), input.webRTC.url)
  await until(() => page.evaluate(() => here.states.at(-1)?.phase === 'Live'), 'Live')
  await until(
    async () =>
      (await media.api('GET', `/live_inputs/${input.uid}/videos`)).body.result[0]?.status.state === 'live-inprogress',
    'the recording',
  )
  // As long as it takes to hear both passages whole.
  await page.waitForTimeout((3 * half + 2) * 1000)
  await page.evaluate(() => here.publisher.stop())
  const video = await until(
    async () =>
      (await media.api('GET', `/live_inputs/${input.uid}/videos`)).body.result.find(
        (/** @type {any} */ { status }) => status.state === 'ready',
      ),
    'the finished recording',
    20_000,
  )
  const { samples, rate, channels } = await decodeSound(video.playback.hls)
  assert.equal(channels, 2, 'stereo')

  // Quarters of a second by how loud they are; those at a change of passage are neither.
  const piece = rate / 4
  const levels = Array.from({ length: Math.floor(samples.length / piece) }, (_, i) =>
    levelOf(samples.subarray(i * piece, (i + 1) * piece), rate, 523),
  )
  /** @param {number} level */
  const passage = (level) => {
    let [best, run] = [{ from: 0, length: 0 }, 0]
    levels.forEach((measured, i) => {
      run = Math.abs(measured - level) < 6 ? run + 1 : 0
      if (run > best.length) best = { from: i - run + 1, length: run }
    })
    assert.ok(best.length >= 8, `two seconds at ${level} dBFS in ${levels.map(Math.round)}`)
    return samples.subarray((best.from + 1) * piece, (best.from + best.length - 1) * piece)
  }
  for (const [what, level] of /** @type {const} */ ([
    ['full', loud],
    ['soft', loud - softer],
  ])) {
    const heard = passage(level)
    const errors = tones.map((hertz) => levelOf(heard, rate, hertz) - level)
    console.log(`${what}: ${tones.map((hertz, i) => `${hertz} Hz ${errors[i].toFixed(1)}`).join(', ')} dB`)
    for (const [i, error] of errors.entries()) {
      assert.ok(Math.abs(error) <= 3, `${what}, ${tones[i]} Hz: ${error.toFixed(1)} dB`)
    }
  }
})
