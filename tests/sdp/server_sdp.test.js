// What the media server calls: the SDP functions of the built server module.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import createModule from '../../build/dist/server.mjs'

const core = await createModule()
const offer = (/** @type {string} */ name) =>
  readFile(new URL(`../fixtures/sdp/${name}`, import.meta.url), { encoding: 'utf8' })
const ingest = JSON.stringify({ preferVideo: 'H264', role: 'ingest' })

test('an offer is trimmed to H.264 and Opus, with what the ingest needs to know of both', async () => {
  const { sdp, media } = JSON.parse(core.trimOffer(await offer('chromium-156-offer-gathered.sdp'), ingest))
  assert.deepEqual(media, [
    { kind: 'audio', mid: '0', payloadType: 111, codec: 'OPUS', clockRate: 48000, ssrc: 2649490732 },
    { kind: 'video', mid: '1', payloadType: 108, codec: 'H264', clockRate: 90000, ssrc: 2798425016 },
  ])
  assert.match(sdp, /^v=0\r\n/)
  assert.match(sdp, /^m=video 9 UDP\/TLS\/RTP\/SAVPF 108\r$/m)
  assert.doesNotMatch(sdp, /rtx|transport-cc|extmap/)
})

test('a browser without H.264 publishes VP8, and VP8 may be asked for', async () => {
  const codecOf = async (/** @type {string} */ name, /** @type {string} */ options) =>
    JSON.parse(core.trimOffer(await offer(name), options)).media[1].codec
  assert.equal(await codecOf('firefox-153-offer.sdp', ingest), 'VP8')
  assert.equal(await codecOf('firefox-153-offer.sdp', '{}'), 'VP8')
  assert.equal(await codecOf('chromium-156-offer.sdp', '{"preferVideo":"VP8"}'), 'VP8')
})

test('a refusal says where, what and which HTTP status fits', async () => {
  const chromium = await offer('chromium-156-offer.sdp')
  const viewer = (await offer('firefox-153-offer.sdp')).replaceAll('sendonly', 'recvonly')
  const rows = [
    { text: 'hello', options: ingest, where: 'line 1', status: 400 },
    { text: chromium.slice(0, 9), options: ingest, where: 'line 2', status: 400 },
    { text: chromium.replaceAll('sendonly', 'recvonly'), options: ingest, where: 'm=audio (mid 0)', status: 422 },
    { text: viewer, options: '{"preferVideo":"H264","role":"egress"}', where: 'codec', status: 406 },
    { text: chromium, options: '{"role":"viewer"}', where: '/role', status: 500 },
    { text: chromium, options: '{"preferVideo":7}', where: '/preferVideo', status: 500 },
    { text: chromium, options: 'ingest', where: '', status: 500 },
  ]
  for (const { text, options, where, status } of rows) {
    const { error, sdp } = JSON.parse(core.trimOffer(text, options))
    assert.equal(sdp, undefined)
    assert.equal(error.status, status, options)
    if (where) assert.equal(error.where, where)
    assert.ok(error.what.length > 0)
  }
})

test('a mid that is not ASCII, or not even text, comes through as JSON', () => {
  const text =
    'v=0\r\no=- 1 2 IN IP4 ::1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:"é\\\r\na=sendonly\r\na=rtpmap:96 opus/48000/2\r\n'
  assert.equal(JSON.parse(core.trimOffer(text, ingest)).media[0].mid, '"é\\')
})

test('the answer is finished with bit rates, or left as it was when it cannot be read', async () => {
  const { sdp } = JSON.parse(core.trimOffer(await offer('chromium-156-offer.sdp'), ingest))
  const answer = sdp.replaceAll('sendonly', 'recvonly')
  assert.match(core.finishAnswer(answer, '{}'), /42e01f;x-google-start-bitrate=2500;x-google-max-bitrate=4000\r$/m)
  assert.match(
    core.finishAnswer(answer, '{"startBitrate":900,"maxBitrate":1200}'),
    /;x-google-start-bitrate=900;x-google-max-bitrate=1200\r$/m,
  )
  assert.match(core.finishAnswer(answer, '{"startBitrate":-1,"maxBitrate":"x"}'), /=2500;x-google-max-bitrate=4000\r$/m)
  assert.equal(core.finishAnswer('hello', '{}'), 'hello')
  assert.equal(core.finishAnswer(answer, 'hello'), answer)
})

test('a trickle fragment is read, candidates as they are', () => {
  const candidate = 'candidate:1 1 udp 2122194687 192.0.2.2 41472 typ host generation 0 ufrag EsAw'
  const text = `a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=${candidate}\r\na=end-of-candidates\r\n`
  assert.deepEqual(JSON.parse(core.readFragment(text)), {
    iceUfrag: 'EsAw',
    icePwd: 'P2uYro0UCOQ4zxjKXaWCBui1',
    mid: '0',
    candidates: [candidate],
    endOfCandidates: true,
  })
  const { error } = JSON.parse(core.readFragment('a=candidate:x\r\n'))
  assert.equal(error.where, 'line 1')
  assert.equal(error.status, 400)
})
