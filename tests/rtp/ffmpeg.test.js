import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import createServerModule from '../../build/dist/server.mjs'
import { audioStream, mediaJson, publish, videoStream, withReports } from './network.js'
import { decodeErrors, probe, soundDelays } from './recording.js'
import * as sender from './sender.js'

const seconds = 8

/** @type {import('./network.js').Core} */
let core
/** @type {Record<'H264' | 'VP8' | 'upright' | 'sound', import('./sender.js').Frame[]>} */
let clips
before(async () => {
  core = await createServerModule()
  clips = {
    H264: sender.h264('640x360', seconds),
    VP8: sender.vp8('640x360', seconds),
    upright: sender.h264('360x640', 3),
    sound: sender.opus(seconds),
  }
})

/** @param {number[]} delays @param {number} most */
function assertInSync(delays, most) {
  assert.ok(delays.length > 30, `${delays.length} pictures are known again`)
  for (const delay of delays) assert.ok(Math.abs(delay) < most, `sound is ${delay} ms late`)
}

for (const codec of /** @type {const} */ (['H264', 'VP8'])) {
  test(`${codec}: every frame that a faultless network brings is recorded, in time and decodable`, () => {
    const frames = clips[codec]
    const packets = withReports(videoStream(codec, frames), audioStream(clips.sound))
    const { runs, stats, plis } = publish(core, codec, packets)
    assert.equal(runs.length, 1)
    const { bytes, start } = runs[0]
    assert.deepEqual([start.videoCodec, start.audioCodec, start.width, start.height], [codec, 'OPUS', 640, 360])
    assert.equal(decodeErrors(bytes), '')
    const recording = probe(bytes)
    assert.deepEqual([recording.video.width, recording.video.height], [640, 360])
    assert.deepEqual([recording.video.codec_name, recording.audio.codec_name], [codec.toLowerCase(), 'opus'])
    assert.equal(recording.pictures.length, frames.length)
    assert.equal(recording.sounds.length, clips.sound.length)
    const last = Number(recording.pictures.at(-1)?.pts_time)
    assert.ok(Math.abs(last - (seconds - 1 / 30)) < 0.05, `the last picture is at ${last} s`)
    assertInSync(soundDelays(recording, frames, clips.sound), 40)
    assert.deepEqual([stats.video.lost, stats.video.gaps, stats.audio.lost], [0, 0, 0])
    assert.equal(stats.video.keyframes, seconds)
    assert.equal(plis, 0, 'key frames came by themselves')
  })

  test(`${codec}: loss, disorder and duplicates are repaired`, () => {
    const frames = clips[codec]
    const packets = withReports(videoStream(codec, frames), audioStream(clips.sound))
    const twice = packets.filter((_, i) => i % 50 === 0)
    const network = { loss: 0.03, jitterMs: 30 }
    const { runs, stats, forwarded, strange } = publish(core, codec, [...packets, ...twice], network)
    assert.equal(runs.length, 1)
    assert.equal(decodeErrors(runs[0].bytes), '')
    const recording = probe(runs[0].bytes)
    assert.ok(stats.video.recovered > 10, `${stats.video.recovered} packets came after a NACK`)
    assert.equal(stats.video.gaps, 0)
    assert.equal(recording.pictures.length, frames.length)
    assert.ok(recording.sounds.length >= clips.sound.length - 2, `${recording.sounds.length} sounds`)
    assert.equal(forwarded, stats.video.packets + stats.audio.packets)
    assert.equal(strange, 0, 'asked for packets that were never sent')
    assertInSync(soundDelays(recording, frames, clips.sound), 40)
  })

  test(`${codec}: what cannot be repaired is left out up to the next key frame`, () => {
    const frames = clips[codec]
    const packets = withReports(videoStream(codec, frames), audioStream(clips.sound))
    const rest = packets.filter(({ at, kind }) => kind === 'audio' || at < 2390 || at > 2500)
    const { runs, stats, plis } = publish(core, codec, rest, { repair: false })
    assert.equal(runs.length, 1)
    assert.equal(decodeErrors(runs[0].bytes), '')
    assert.equal(stats.video.gaps, 1)
    assert.ok(plis >= 1)
    // The pictures from 2.4 s to the key frame at 3 s.
    assert.equal(probe(runs[0].bytes).pictures.length, frames.length - 18)
  })

  test(`${codec}: unrepaired loss all over leaves nothing that does not decode`, () => {
    const packets = withReports(videoStream(codec, clips[codec]), audioStream(clips.sound))
    const { runs } = publish(core, codec, packets, { loss: 0.02, jitterMs: 30, repair: false })
    assert.equal(runs.length, 1)
    assert.equal(decodeErrors(runs[0].bytes), '')
  })
}

test('sender reports bring sound and picture together, however late the sound arrives', () => {
  const packets = withReports(videoStream('H264', clips.H264), audioStream(clips.sound))
  const { runs } = publish(core, 'H264', packets, { audioDelayMs: 250 })
  assert.equal(decodeErrors(runs[0].bytes), '')
  assertInSync(soundDelays(probe(runs[0].bytes), clips.H264, clips.sound, 4500), 10)
})

test('a picture of another size begins another run, and the sound goes on', () => {
  const turned = clips.upright.map(({ data, ms }) => ({ data, ms: ms + 3000 }))
  const frames = [...clips.H264.filter(({ ms }) => ms < 2990), ...turned]
  const sound = clips.sound.filter(({ ms }) => ms < 6000)
  const { runs } = publish(core, 'H264', withReports(videoStream('H264', frames), audioStream(sound)))
  assert.deepEqual(
    runs.map(({ start: { width, height, audioCodec } }) => [width, height, audioCodec]),
    [
      [640, 360, 'OPUS'],
      [360, 640, 'OPUS'],
    ],
  )
  for (const { bytes } of runs) assert.equal(decodeErrors(bytes), '')
  const recordings = runs.map(({ bytes }) => probe(bytes))
  for (const recording of recordings) {
    assert.equal(recording.pictures.length, 90)
    assert.ok(Number(recording.pictures[0].pts_time) < 0.11)
    assert.ok(Number(recording.sounds[0].pts_time) < 0.11)
    assertInSync(soundDelays(recording, frames, sound), 40)
  }
  const sounds = recordings.reduce((sum, recording) => sum + recording.sounds.length, 0)
  assert.ok(sounds >= 295, `${sounds} of 300 sounds`)
})

test('an encoder that starts over under another SSRC goes on in the same run', () => {
  const head = clips.H264.filter(({ ms }) => ms < 2990)
  const tail = clips.H264.filter(({ ms }) => ms >= 3999).map(({ data, ms }) => ({ data, ms: ms - 900 }))
  const first = videoStream('H264', head)
  const second = videoStream('H264', tail, 0x99999999)
  for (const { bytes } of second.packets) bytes.writeUInt32BE((bytes.readUInt32BE(4) + 0x12345678) % 2 ** 32, 4)
  const packets = [...first.packets, ...second.packets, ...audioStream(clips.sound).packets]
  const { runs, stats } = publish(core, 'H264', packets)
  assert.equal(runs.length, 1)
  assert.equal(decodeErrors(runs[0].bytes), '')
  const { pictures } = probe(runs[0].bytes)
  assert.equal(stats.video.restarts, 1)
  assert.equal(pictures.length, head.length + tail.length)
  const pause = Number(pictures[head.length].pts_time) - Number(pictures[head.length - 1].pts_time)
  assert.ok(pause > 0.1 && pause < 0.2, `the pause is ${pause} s long`)
})

test('sound alone is recorded as such', () => {
  const { runs } = publish(core, 'H264', audioStream(clips.sound).packets)
  assert.equal(runs.length, 1)
  assert.deepEqual([runs[0].start.videoCodec, runs[0].start.audioCodec], ['', 'OPUS'])
  assert.equal(decodeErrors(runs[0].bytes), '')
  assert.equal(probe(runs[0].bytes).sounds.length, clips.sound.length)
})

test('one may tune in at any chunk that is marked as key', () => {
  const ingest = new core.Ingest(mediaJson('H264'))
  const items = []
  const packets = withReports(videoStream('H264', clips.H264), audioStream(clips.sound)).sort((a, b) => a.at - b.at)
  for (const { at, kind, bytes } of packets) {
    ingest.packet(kind, bytes, at)
    items.push(...ingest.media(at))
  }
  items.push(...ingest.end(seconds * 1000))
  ingest.delete()
  const keys = items.flatMap((item, i) => (item.type === 'data' && item.key ? [i] : []))
  assert.equal(keys.length, seconds)
  const header = items.flatMap((item) => (item.type === 'start' ? [item.bytes] : []))
  const rest = items.slice(keys[5]).flatMap((item) => (item.type === 'data' ? [item.bytes] : []))
  const late = Buffer.concat([...header, ...rest])
  assert.equal(decodeErrors(late), '')
  assert.equal(probe(late).pictures.length, 30 * (seconds - 5))
})

test('what is not a media description is refused', () => {
  const faults = ['', 'null', '{}', '[1]', '[{"kind":"video"}]', '[{"kind":"audio","codec":"H264","payloadType":96}]']
  for (const json of faults) assert.throws(() => new core.Ingest(json), { name: 'TypeError' }, json)
})

test('bytes that come out are copies, safe from what comes in later', () => {
  const report = Buffer.from('80c80006111111110102030405060708aabbccdd0000000100000002', 'hex')
  const forwarded = core.forwardSr(report, 0xfffffffe)
  core.forwardSr(Buffer.alloc(28, 0xff), 1)
  assert.equal(Buffer.from(forwarded).toString('hex'), report.toString('hex').replace('11111111', 'fffffffe'))
  assert.deepEqual(
    Buffer.from(core.forwardRtp(Buffer.alloc(12, 0x80), 96, 7)).toString('hex'),
    '80e080808080808000000007',
  )
})
