import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { child, faultsOf, given, probe, until } from './media.js'

const script = new URL('aiortc_publisher.py', import.meta.url).pathname
// Debian's package belongs to Debian's own Python, which need not be the first on PATH.
const python = '/usr/bin/python3'
assert.equal(spawnSync(python, ['-c', 'import aiortc']).status, 0, 'python3-aiortc is missing: scripts/setup.sh test')

// Most of their time is waiting.
describe('an independent client', { concurrency: 2 }, () => {
  for (const codec of ['h264', 'vp8']) {
    test(`aiortc publishes ${codec} by WHIP`, async (t) => {
      const media = await given(t, { segmentSeconds: 2 })
      const input = await media.createInput()
      const publisher = child(python, [script, input.webRTC.url, '5', codec, 'delete'])
      t.after(publisher.kill)
      const ready = await until('the video is ready', () => media.hooks.find('video.ready'), 18).catch((error) =>
        assert.fail(`${error.message}\n${publisher.said()}`),
      )
      assert.match(publisher.said(), /deleted 200/)
      assert.deepEqual(ready.body.input, { width: 320, height: 240 })
      assert.ok(ready.body.duration > 3 && ready.body.duration < 6, String(ready.body.duration))
      const { streams } = await probe(ready.body.downloads.default)
      assert.deepEqual(streams.map(({ codec_name }) => codec_name).sort(), ['aac', 'h264'])
      assert.equal(await faultsOf(ready.body.playback.hls), '')
    })
  }

  test('aiortc that leaves without DELETE is noticed at once by the end of DTLS', async (t) => {
    const media = await given(t)
    const input = await media.createInput()
    const publisher = child(python, [script, input.webRTC.url, '2', 'vp8', 'leave'])
    t.after(publisher.kill)
    await until('it leaves', () => publisher.said().includes('left'))
    const left = Date.now()
    await until('the loss is told', () => media.hooks.find('live_input.disconnected'))
    assert.ok(Date.now() - left < 1500, `${Date.now() - left} ms`)
  })
})
