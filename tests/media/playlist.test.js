import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { Packager } from '../../media/packager.js'
import { compose, durationOf, parseRun } from '../../media/playlist.js'
import { run } from './media.js'

/** @param {string} name @param {number} count */
const runOf = (name, count, duration = 2) => ({
  name,
  segments: Array.from({ length: count }, (_, i) => ({
    name: `s${String(i).padStart(5, '0')}.m4s`,
    duration,
    programDate: '',
  })),
})
const options = { segmentSeconds: 2 }

test('a run begins with a discontinuity and its own map, but for the first', () => {
  const text = compose([runOf('r0', 1), runOf('r1', 0), runOf('r2', 2)], { ...options, phase: 'recording' })
  assert.equal(
    text,
    [
      ...['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:2', '#EXT-X-MEDIA-SEQUENCE:0'],
      ...['#EXT-X-INDEPENDENT-SEGMENTS', '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-MAP:URI="r0/init.mp4"'],
      ...['#EXTINF:2.000000,', 'r0/s00000.m4s', '#EXT-X-DISCONTINUITY', '#EXT-X-MAP:URI="r2/init.mp4"'],
      ...['#EXTINF:2.000000,', 'r2/s00000.m4s', '#EXTINF:2.000000,', 'r2/s00001.m4s', '#EXT-X-ENDLIST', ''],
    ].join('\n'),
  )
  assert.equal(compose([runOf('r0', 0)], { ...options, phase: 'live' }), '')
})

test('as the live window moves on, the numbers of segments and discontinuities never go back', () => {
  let [sequence, discontinuity, target] = [0, 0, 0]
  for (let n = 1; n <= 40; n++) {
    const runs = [
      runOf('r0', Math.min(n, 7)),
      runOf('r1', Math.max(0, Math.min(n - 7, 8))),
      runOf('r2', Math.max(0, n - 15)),
    ]
    for (const phase of /** @type {const} */ (['live', 'ending'])) {
      const text = compose(runs, { ...options, phase })
      const number = (/** @type {string} */ tag) => Number(new RegExp(`^#${tag}:(\\d+)$`, 'm').exec(text)?.[1] ?? 0)
      assert.ok(number('EXT-X-MEDIA-SEQUENCE') >= sequence)
      assert.ok(number('EXT-X-DISCONTINUITY-SEQUENCE') >= discontinuity)
      assert.ok(number('EXT-X-TARGETDURATION') >= target)
      sequence = number('EXT-X-MEDIA-SEQUENCE')
      discontinuity = number('EXT-X-DISCONTINUITY-SEQUENCE')
      target = number('EXT-X-TARGETDURATION')
      // Each discontinuity is either in the window or counted as gone (RFC 8216 §6.2.2).
      const inWindow = text.match(/#EXT-X-DISCONTINUITY\n/g)?.length ?? 0
      assert.equal(inWindow + discontinuity, (n > 7 ? 1 : 0) + (n > 15 ? 1 : 0), `${n} ${phase}`)
      assert.match(text, /#EXT-X-MAP:[^]*#EXTINF/)
      assert.equal(/ENDLIST/.test(text), phase === 'ending')
    }
  }
})

test('no segment is longer than the target duration, rounded (RFC 8216 §4.3.3.1)', () => {
  const text = compose([runOf('r0', 2, 2.1), runOf('r1', 1, 6.7)], { ...options, phase: 'live' })
  assert.match(text, /#EXT-X-TARGETDURATION:7\n/)
})

test('from a playlist of ffmpeg only what it should hold is taken', () => {
  const text = [
    ...[
      '#EXTM3U',
      '#EXT-X-MAP:URI="init.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-22T16:00:00.000+0000',
      '#EXTINF:2.0,',
    ],
    ...['s00000.m4s', '#EXTINF:nan,', 's00001.m4s', '#EXTINF:2.0,', '../../inputs/x', 's00002.m4s', '#EXTINF:1.5,', ''],
  ].join('\r\n')
  const programDate = '2026-11-22T16:00:00.000+0000'
  assert.deepEqual(parseRun(text), [{ name: 's00000.m4s', duration: 2, programDate }])
})

test('a run is as long as its stream, however unevenly its frames come', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'vigil-run-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=30', '-f', 'lavfi', '-i', 'sine', '-t', '5'],
      ...['-vf', 'select=lt(mod(n\\,7)\\,3)', '-fps_mode', 'vfr', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune'],
      ...['zerolatency', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'libopus', '-f', 'matroska', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 1 << 26 },
  )
  const start = /** @type {const} */ ({ container: 'matroska', videoCodec: 'H264', audioCodec: 'OPUS' })
  const bytes = stdout.subarray(0, 1000)
  const packager = new Packager({
    folder,
    start: { ...start, bytes },
    late: false,
    segmentSeconds: 2,
    ffmpeg: 'ffmpeg',
  })
  packager.data({ key: true, bytes: stdout.subarray(1000) })
  packager.end()
  await packager.done
  const seconds = durationOf([{ name: 'r0', segments: packager.segments }])
  assert.ok(Math.abs(seconds - 5) < 0.2, `${seconds} s in ${packager.segments.length} segments`)
  assert.ok(packager.segments.length > 1)
})
