/** Vigil as a process, with the real media server: starting, ending, dying, and a service from OBS to recording. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { startVigil, until } from '../harness/vigil.js'

/** @type {string} */
let data
before(() => {
  data = mkdtempSync(path.join(tmpdir(), 'vigil-process-'))
})
after(() => rmSync(data, { recursive: true, force: true, maxRetries: 5 }))

const env = { SEGMENT_SECONDS: '1', TIMEOUT_SECONDS: '2', STOP_GRACE_SECONDS: '1' }

/** Its media server: the child that is one. @param {number} parent */
const mediaOf = (parent) =>
  readdirSync('/proc')
    .map(Number)
    .find((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const arguments_ = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return stat.split(') ')[1].split(' ')[1] === `${parent}` && arguments_.includes('media/main.js')
      } catch {
        return false
      }
    })

/** @param {number} pid */
const lives = (pid) => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** @param {import('../harness/vigil.js').Vigil} vigil */
async function signIn({ origin, signInLink }) {
  const answer = await fetch(`${origin}/api/session`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ token: signInLink.split('#')[1] }),
  })
  assert.equal(answer.status, 200)
  return String(answer.headers.get('set-cookie')).split(';')[0]
}

/** @param {string} origin @param {string} cookie @param {string} title */
async function createObs(origin, cookie, title) {
  const { memorials } = await (await fetch(`${origin}/api/memorials`, { headers: { cookie } })).json()
  const answer = await fetch(`${origin}/api/streams/create-obs`, {
    method: 'POST',
    headers: { origin, cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ memorialId: memorials[0].id, title }),
  })
  assert.equal(answer.status, 201)
  return (await answer.json()).stream
}

/** @param {string} origin @param {string} memorialId */
const streamOf = async (origin, memorialId) =>
  (await (await fetch(`${origin}/api/memorials/${memorialId}`)).json()).streams[0]

/** As OBS would. @param {{ rtmpUrl: string, streamKey: string }} stream */
function pushRtmp({ rtmpUrl, streamKey }) {
  // prettier-ignore
  const options = [
    '-loglevel', 'quiet', '-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=15', '-f', 'lavfi', '-i', 'sine',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '15', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-t', '60',
    '-f', 'flv', `${rtmpUrl.replace(/\/$/, '')}/${streamKey}`,
  ]
  return spawn('ffmpeg', options, { stdio: 'ignore' })
}

/** Waits for three segments, of a second each. @param {{ hlsUrl: string }} stream */
const someSeconds = ({ hlsUrl }) =>
  until('three seconds of it', async () => (await (await fetch(hlsUrl)).text()).split('#EXTINF').length > 3)

test('a service comes in over RTMP, is live, is lost, and its recording stays over kill -9', async () => {
  const vigil = await startVigil({ data, env })
  const cookie = await signIn(vigil)
  const stream = await createObs(vigil.origin, cookie, 'From OBS')
  const encoder = pushRtmp(stream)
  const phase = (/** @type {string} */ wanted, ms = 15_000) =>
    until(`phase ${wanted}`, async () => (await streamOf(vigil.origin, stream.memorialId)).phase === wanted, ms)
  await phase('live')
  await someSeconds(stream)
  encoder.kill('SIGKILL')
  await once(encoder, 'exit')
  await phase('interrupted')
  await phase('recording', 30_000)
  const view = await streamOf(vigil.origin, stream.memorialId)
  assert.ok(view.duration > 1)
  assert.match(await (await fetch(view.recordingUrl)).text(), /#EXT-X-ENDLIST/)

  const log = vigil.log()
  assert.equal(log.split('/sign-in#').length, 2, 'the link is printed once')
  const rest = log.replace(vigil.signInLink, '')
  for (const secret of [stream.streamKey, stream.streamKey.split('k')[0], cookie, vigil.signInLink.split('#')[1]]) {
    assert.ok(!rest.includes(secret), 'no secret is logged')
  }

  const media = Number(mediaOf(vigil.pid))
  assert.ok(media, 'it has a media server')
  await vigil.stop('SIGKILL')
  await until('the media server to end with its parent', () => !lives(media))

  // Other ports, the same folder: what the addresses begin with follows.
  const again = await startVigil({ data, env })
  const after = await streamOf(again.origin, stream.memorialId)
  assert.equal(after.phase, 'recording')
  assert.ok(after.recordingUrl.startsWith(again.origin))
  assert.match(await (await fetch(after.recordingUrl)).text(), /#EXT-X-ENDLIST/)
  const full = await (await fetch(`${again.origin}/api/streams/${stream.id}`, { headers: { cookie } })).json()
  assert.equal(full.stream.streamKey, stream.streamKey, 'the session, too, outlives the process')
  await again.stop()
})

test('ended in order during a service, it keeps it open: interrupted, then a recording when nobody comes back', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'vigil-process-'))
  const vigil = await startVigil({ data: folder, env })
  const stream = await createObs(vigil.origin, await signIn(vigil), 'Cut short')
  const encoder = pushRtmp(stream)
  await someSeconds(stream)
  assert.equal(await vigil.stop(), 0)
  encoder.kill('SIGKILL')

  const again = await startVigil({ data: folder, env })
  assert.equal((await streamOf(again.origin, stream.memorialId)).phase, 'interrupted')
  const view = await until('the recording', async () => {
    const now = await streamOf(again.origin, stream.memorialId)
    return now.phase === 'recording' && now
  })
  assert.ok(view.duration > 1)
  assert.match(await (await fetch(view.recordingUrl)).text(), /#EXT-X-ENDLIST/)
  await again.stop()
  rmSync(folder, { recursive: true, maxRetries: 5 })
})

test('ended in order it takes its media server along, ends event streams, and lets go of its folder', async () => {
  const vigil = await startVigil({ data, env })
  const cookie = await signIn(vigil)
  const { memorials } = await (await fetch(`${vigil.origin}/api/memorials`, { headers: { cookie } })).json()
  const events = await fetch(`${vigil.origin}/api/memorials/${memorials[0].id}/events`)
  const media = Number(mediaOf(vigil.pid))
  const [code, text] = await Promise.all([vigil.stop('SIGINT'), events.text()])
  assert.equal(code, 0)
  assert.match(text, /^event: memorial$/m)
  assert.equal(lives(media), false)
})

test('a media server that dies is started again', async () => {
  const vigil = await startVigil({ data, env })
  const media = Number(mediaOf(vigil.pid))
  process.kill(media, 'SIGKILL')
  await until('another one', async () => {
    const now = mediaOf(vigil.pid)
    return now && now !== media && (await fetch(`${vigil.origin}/readyz`)).status === 200
  })
  assert.equal((await fetch(`${vigil.origin}/healthz`)).status, 200)
  await vigil.stop()
})

test('in production it prints no sign-in link, but makes one when asked', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'vigil-process-'))
  const settings = { NODE_ENV: 'production', PUBLIC_URL: 'https://memorial.example.org', DATA: folder }
  const command = ['--disable-warning=ExperimentalWarning', 'shim/main.js']
  const options = { env: { ...process.env, ...env, ...settings, PORT: '0', RTMP_PORT: '0' } }
  const vigil = spawn(process.execPath, command, options)
  let printed = ''
  for (const stream of [vigil.stdout, vigil.stderr]) stream.on('data', (piece) => (printed += piece))
  await until('it to be up', () => printed.includes('For a sign-in link: node shim/main.js link admin'))
  assert.doesNotMatch(printed, /sign-in#/)
  const link = spawn(process.execPath, [...command, 'link', 'admin'], options)
  const [text] = await once(link.stdout, 'data')
  assert.match(`${text}`, /^https:\/\/memorial\.example\.org\/sign-in#[\w-]{43}\n$/)
  vigil.kill()
  await once(vigil, 'exit')
  rmSync(folder, { recursive: true, maxRetries: 5 })
})

test('what keeps it from starting is told in a sentence, and nothing is left behind', async () => {
  const vigil = await startVigil({ data, env })
  const port = new URL(vigil.origin).port
  const other = mkdtempSync(path.join(tmpdir(), 'vigil-process-'))
  /** @type {[Record<string, string>, number, RegExp][]} */
  const rows = [
    [{ PORT: port, DATA: other }, 1, /Port \d+ on 127\.0\.0\.1 is taken by another program\. End it, or set PORT/],
    [{ PORT: '0', DATA: data }, 1, /The data folder .* is in use by another Vigil\. End that one, or set DATA/],
    [{ PORT: '0', DATA: other, HOST: '192.0.2.1' }, 1, /This machine has no address 192\.0\.2\.1\. Set HOST/],
    [{ PORT: 'x', TRUST_PROXY: 'x' }, 2, /PORT must be a port number .*\nTRUST_PROXY must be 1 or 0/],
  ]
  for (const [settings, expected, sentence] of rows) {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'shim/main.js'], {
      env: { ...process.env, ...env, RTMP_PORT: '0', ...settings },
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (text += piece))
    const [code] = await once(child, 'close')
    assert.equal(code, expected, text)
    assert.match(text, sentence)
    assert.doesNotMatch(text, /\n {4}at /, 'no stack')
  }
  rmSync(other, { recursive: true })
  await vigil.stop()
})
