/**
 * A WHIP publisher without a browser, as a process of its own so that it can vanish: node-datachannel sends what ffmpeg
 * encodes. Told what to do on its first argument (JSON) and, line by line, on stdin; says what happens on stdout.
 *
 *   node whip-publisher.js '{"url":"http://…/webRTC/publish","codec":"H264"|"VP8","size":"320x180",
 *     "mids":["video1","audio0"],"bundleOnly":true,"trickle":true,"silent":true}'
 *
 * stdin: one of `orders`, "size 180x320" for one
 */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import nd from 'node-datachannel'

const options = { codec: 'H264', size: '320x180', mids: ['0', '1'], ...JSON.parse(process.argv[2]) }
const say = (/** @type {unknown[]} */ ...words) => console.log(words.join(' '))

const peer = new nd.PeerConnection('publisher', { iceServers: [], bindAddress: '127.0.0.1' })
const video = new nd.Video(options.mids[0], 'SendOnly')
if (options.codec === 'H264') {
  ;/** @type {any} */ (video).addH264Codec(96, 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f')
} else video.addVP8Codec(96)
video.addSSRC(11, 'cname', 'stream', 'video')
const audio = new nd.Audio(options.mids[1], 'SendOnly')
audio.addOpusCodec(111)
audio.addSSRC(22, 'cname', 'stream', 'audio')
const tracks = { video: peer.addTrack(video), audio: peer.addTrack(audio) }
peer.onStateChange((state) => say('state', state))

await new Promise((resolve) => {
  peer.onGatheringStateChange((state) => state === 'complete' && resolve(undefined))
  peer.setLocalDescription(/** @type {any} */ ('offer'))
})
const local = peer.localDescription()?.sdp ?? ''
const candidates = local.match(/^a=candidate:.*$/gm) ?? []
let offer = local
if (options.trickle) offer = offer.replace(/^a=(candidate:.*|end-of-candidates)\r\n/gm, '')
if (options.bundleOnly) {
  const at = offer.lastIndexOf('m=')
  offer = offer.slice(0, at) + offer.slice(at).replace(/^m=(\w+) \d+ (.*)$/m, 'm=$1 0 $2\r\na=bundle-only')
}
const reply = await fetch(options.url, { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: offer })
const answer = await reply.text()
say('status', reply.status)
say('length', reply.headers.get('content-length') ?? 'none')
if (reply.status !== 201) process.exit(1)
const resource = new URL(reply.headers.get('location') ?? '', options.url).href
say('resource', resource)
peer.setRemoteDescription(answer, /** @type {any} */ ('answer'))
if (options.trickle) {
  const credentials = (local.match(/^a=ice-(ufrag|pwd):.*$/gm) ?? []).slice(0, 2)
  const lines = [...credentials, 'm=video 9 UDP/TLS/RTP/SAVPF 0', `a=mid:${options.mids[0]}`, ...candidates]
  const patched = await fetch(resource, {
    method: 'PATCH',
    headers: {
      'content-type': 'application/trickle-ice-sdpfrag',
      'if-match': reply.headers.get('etag') ?? '',
    },
    body: [...lines, 'a=end-of-candidates', ''].join('\r\n'),
  })
  say('patched', patched.status)
}

let silent = options.silent ?? false
/** @type {Record<string, number>} */
const ports = {}
for (const kind of /** @type {const} */ (['video', 'audio'])) {
  const socket = createSocket('udp4')
  socket.on('message', (bytes) => !silent && tracks[kind].isOpen() && tracks[kind].sendMessageBinary(bytes))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  ports[kind] = socket.address().port
}

/** @type {import('node:child_process').ChildProcess | undefined} */
let encoder
/** Sequence numbers go on where the last encoder's might have ended: one RTP stream, another picture size. */
let sequence = 0
function encode(/** @type {string} */ size) {
  encoder?.kill('SIGKILL')
  const codec =
    options.codec === 'H264'
      ? ['-c:v', 'libx264', '-profile:v', 'baseline', '-preset', 'ultrafast', '-tune', 'zerolatency']
      : ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '500k']
  const rtp = (/** @type {string} */ kind, /** @type {number} */ ssrc, /** @type {number} */ payloadType) => [
    ...['-ssrc', String(ssrc), '-payload_type', String(payloadType), '-seq', String(sequence), '-f', 'rtp'],
    `rtp://127.0.0.1:${ports[kind]}?pkt_size=1100`,
  ]
  encoder = spawn(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'error', '-re', '-t', '60', '-f', 'lavfi', '-i', `testsrc=size=${size}:rate=30`],
      ...['-re', '-t', '60', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
      ...['-map', '0:v', ...codec, '-g', '30', '-pix_fmt', 'yuv420p', ...rtp('video', 11, 96)],
      ...['-map', '1:a', '-c:a', 'libopus', ...rtp('audio', 22, 111)],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  say('encoder', encoder.pid)
  sequence = (sequence + 10_000) & 0xffff
}

/** @type {Record<string, (argument: string) => unknown>} */
const orders = {
  size: encode,
  silence: () => (silent = true),
  /** Ends the session as RFC 9725 wants it. */
  async delete() {
    say('deleted', (await fetch(resource, { method: 'DELETE' })).status)
    end()
  },
}
function end() {
  encoder?.kill('SIGKILL')
  peer.close()
  setTimeout(() => process.exit(0), 200)
}
process.on('exit', () => encoder?.kill('SIGKILL'))
// Whoever started it has gone.
process.stdin.on('end', end)
createInterface({ input: process.stdin }).on('line', (line) => {
  const [order, argument] = line.split(' ')
  orders[order]?.(argument)
})
encode(options.size)
