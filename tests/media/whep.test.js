import assert from 'node:assert/strict'
import { test } from 'node:test'
import nd from 'node-datachannel'
import { given, publishRtmp, publishWhip, until } from './media.js'

/**
 * A viewer that counts what it gets.
 * @param {import('node:test').TestContext} test
 * @param {string} url
 * @param {'H264' | 'VP8'} codec
 */
async function watch(test, url, codec = 'H264') {
  const peer = new nd.PeerConnection('viewer', { iceServers: [], bindAddress: '127.0.0.1' })
  const video = new nd.Video('0', 'RecvOnly')
  if (codec === 'VP8') video.addVP8Codec(100)
  else
    /** @type {any} */ (video).addH264Codec(
      100,
      'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
    )
  const audio = new nd.Audio('1', 'RecvOnly')
  audio.addOpusCodec(101)
  const got = { packets: { video: 0, audio: 0 }, payloadTypes: new Set(), ssrcs: new Set(), reports: 0, state: '' }
  /** @type {Record<string, import('node-datachannel').Track>} */
  const tracks = { video: peer.addTrack(video), audio: peer.addTrack(audio) }
  test.after(() => [...Object.values(tracks), peer].forEach((closable) => closable.close()))
  for (const kind of /** @type {const} */ (['video', 'audio'])) {
    tracks[kind].onClosed(() => {})
    tracks[kind].onMessage((bytes) => {
      if (bytes[1] >= 192 && bytes[1] <= 223) return void (got.reports += bytes[1] === 200 ? 1 : 0)
      got.packets[kind]++
      got.payloadTypes.add(bytes[1] & 127)
      got.ssrcs.add(bytes.readUInt32BE(8))
    })
  }
  peer.onStateChange((state) => (got.state = state))
  await new Promise((resolve) => {
    peer.onGatheringStateChange((state) => state === 'complete' && resolve(undefined))
    peer.setLocalDescription(/** @type {any} */ ('offer'))
  })
  const body = peer.localDescription()?.sdp
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/sdp' }, body })
  const answer = await reply.text()
  if (reply.status === 201) peer.setRemoteDescription(answer, /** @type {any} */ ('answer'))
  const location = reply.headers.get('location')
  return { reply, answer, got, peer, tracks, resource: location && new URL(location, url).href }
}

/** @param {Awaited<ReturnType<typeof watch>>} viewer */
async function ended({ resource }) {
  const headers = { 'content-type': 'application/trickle-ice-sdpfrag' }
  return (await fetch(String(resource), { method: 'PATCH', headers })).status === 404
}

test('viewers by WHEP get picture and sound under the names of their own answer', async (t) => {
  const media = await given(t)
  const input = await media.createInput()
  const none = await watch(t, input.webRTCPlayback.url)
  assert.equal(none.reply.status, 409)
  assert.ok(Number(none.reply.headers.get('retry-after')) > 0)

  const publisher = publishWhip(t, input.webRTC.url)
  await until('it is live', () => media.lives.isLive(input.uid))
  const viewers = await Promise.all([1, 2, 3].map(() => watch(t, input.webRTCPlayback.url)))
  for (const { reply, answer, got } of viewers) {
    assert.equal(reply.status, 201)
    assert.match(answer, /a=sendonly/)
    await until('picture and sound', () => got.packets.video > 30 && got.packets.audio > 30)
    assert.deepEqual([...got.payloadTypes].sort(), [100, 101])
    for (const ssrc of got.ssrcs) assert.match(answer, new RegExp(`^a=ssrc:${ssrc} `, 'm'))
  }

  const [first, second] = viewers
  assert.equal((await fetch(String(first.resource), { method: 'DELETE' })).status, 200)
  const { video } = second.got.packets
  await until('the others go on', () => second.got.packets.video > video + 10)
  assert.ok(media.lives.isLive(input.uid))

  publisher.order('delete')
  await until('they end with the publisher', () => ended(second))
})

test('a publisher whose encoder starts over sends its viewers away, and they come back', async (t) => {
  const media = await given(t)
  const input = await media.createInput()
  publishWhip(t, input.webRTC.url)
  await until('it is live', () => media.lives.isLive(input.uid))
  const before = await watch(t, input.webRTCPlayback.url)
  await until('picture and sound', () => before.got.packets.video > 30 && before.got.packets.audio > 30)
  // As from an encoder that has started over, under another name and with other numbers.
  const packet = Buffer.alloc(100, 1)
  packet[0] = 0x80
  media.lives.publisherOf(input.uid)?.emit('rtp', 'video', packet)
  await until('its session is over', () => ended(before))
  const after = await watch(t, input.webRTCPlayback.url)
  assert.equal(after.reply.status, 201)
  await until('picture and sound again', () => after.got.packets.video > 30 && after.got.packets.audio > 30)
  assert.ok(media.lives.isLive(input.uid))
})

test("406 when the publisher's codec is not among the viewer's, or it comes by RTMP", async (t) => {
  const media = await given(t)
  const [input, other] = [await media.createInput(), await media.createInput()]
  publishWhip(t, input.webRTC.url)
  const rtmp = publishRtmp(other.rtmps.url + other.rtmps.streamKey)
  t.after(rtmp.kill)
  await until('both are live', () => media.lives.isLive(input.uid) && media.lives.isLive(other.uid))
  assert.equal((await watch(t, input.webRTCPlayback.url, 'VP8')).reply.status, 406)
  assert.equal((await watch(t, other.webRTCPlayback.url)).reply.status, 406)
  const { got } = await watch(t, input.webRTCPlayback.url)
  await until('one that knows it gets it', () => got.packets.video > 10)
})

test('however often a viewer asks for a key frame, the publisher is asked once in a while, and in the end', async (t) => {
  const media = await given(t)
  const input = await media.createInput()
  publishWhip(t, input.webRTC.url)
  await until('it is live', () => media.lives.isLive(input.uid))
  const { got, tracks } = await watch(t, input.webRTCPlayback.url)
  await until('the picture', () => got.packets.video > 10)
  const source = /** @type {import('../../media/whip.js').WhipSession} */ (media.lives.publisherOf(input.uid))
  tracks.video.setMediaHandler(new nd.RtcpReceivingSession())
  const asked = t.mock.method(source, 'requestKeyframe')
  const began = Date.now()
  while (Date.now() - began < 2500) {
    tracks.video.requestKeyframe() // a PLI
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const count = asked.mock.callCount()
  assert.ok(count >= 1 && count <= 2 + (Date.now() - began) / 2000, `${count} times`)
  await until('the last wish is not forgotten', () => asked.mock.callCount() > count, 3)
  assert.equal(asked.mock.callCount(), count + 1)
})

test('one address cannot take the places of all: sessions that do not connect are limited', async (t) => {
  const media = await given(t)
  const input = await media.createInput()
  publishWhip(t, input.webRTC.url)
  await until('it is live', () => media.lives.isLive(input.uid))
  const body = await offerOf(t)
  const ask = (/** @type {string} */ address) =>
    fetch(input.webRTCPlayback.url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', 'x-forwarded-for': address },
      body,
    })
  const statuses = []
  for (let i = 0; i < 21; i++) statuses.push((await ask('192.0.2.1')).status)
  assert.deepEqual(statuses, [...Array(20).fill(201), 503])
  assert.equal((await ask('192.0.2.1')).headers.get('retry-after'), '2')
  assert.equal((await ask('192.0.2.2')).status, 201)
})

/** An offer nobody is behind. @param {import('node:test').TestContext} test */
async function offerOf(test) {
  const peer = new nd.PeerConnection('nobody', { iceServers: [], bindAddress: '127.0.0.1' })
  peer.onStateChange(() => {}) // or it would keep the process alive
  const audio = new nd.Audio('0', 'RecvOnly')
  audio.addOpusCodec(101)
  const track = peer.addTrack(audio)
  track.onClosed(() => {})
  test.after(() => [track, peer].forEach((closable) => closable.close()))
  await new Promise((resolve) => {
    peer.onGatheringStateChange((state) => state === 'complete' && resolve(undefined))
    peer.setLocalDescription(/** @type {any} */ ('offer'))
  })
  return peer.localDescription()?.sdp
}
