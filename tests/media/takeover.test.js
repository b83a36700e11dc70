/** One publisher takes the place of another that is silent. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { get, given, publishRtmp, publishWhip, segmentsOf, until } from './media.js'

test('a take-over that never sends media ends like the loss of the one before', async (t) => {
  const media = await given(t, { timeoutSeconds: 2, silenceSeconds: 4 })
  const input = await media.createInput()
  const first = publishWhip(t, input.webRTC.url)
  await until('a segment', async () => segmentsOf((await get(input.playback.hls)).text).length >= 1)
  first.order('silence')
  await until('it is silent', () => !media.lives.isTaken(input.uid))
  const second = publishWhip(t, input.webRTC.url, { silent: true })
  assert.equal(await until('it is answered', () => second.said('status')), '201')
  second.order('delete')
  await until('the end is told', () => media.hooks.find('live_input.disconnected'))
  await until('the video is ready', () => media.hooks.find('video.ready'))
  assert.deepEqual(media.hooks.events(), ['live_input.connected', 'live_input.disconnected', 'video.ready'])
})

test('a take-over that hangs without media does not keep the broadcast open', async (t) => {
  const media = await given(t, { timeoutSeconds: 1, silenceSeconds: 4 })
  const input = await media.createInput()
  const first = publishWhip(t, input.webRTC.url)
  await until('a segment', async () => segmentsOf((await get(input.playback.hls)).text).length >= 1)
  first.order('silence')
  await until('it is silent', () => !media.lives.isTaken(input.uid))
  const second = publishWhip(t, input.webRTC.url, { silent: true })
  assert.equal(await until('it is answered', () => second.said('status')), '201')
  await until('the video is ready', () => media.hooks.find('video.ready'), 20)
  // The next one begins anew.
  const third = publishRtmp(input.rtmps.url + input.rtmps.streamKey)
  t.after(third.kill)
  await until('it is live again', () => media.hooks.events().filter((event) => /\.connected/.test(event)).length === 2)
})
