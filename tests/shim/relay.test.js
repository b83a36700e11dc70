/**
 * The paths of production, on one machine: a second media server is Cloudflare and Mux, reached by their APIs, RTMP and
 * webhooks alone; Vigil's own is a relay.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { assertNothingSecret } from '../harness/secrets.js'
import { freeTcpPort, freeUdpPort, startVigil, until } from '../harness/vigil.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const token = 'the-token-of-both-providers'
const secrets = {
  WEBHOOK_SECRET: 'the-secret-of-the-account-webhook',
  WEBHOOK_AUTH_SECRET: 'the-secret-of-notifications',
  MUX_WEBHOOK_SECRET: 'the-secret-of-mux-webhooks',
}
const brief = { SEGMENT_SECONDS: '1', TIMEOUT_SECONDS: '2', STOP_GRACE_SECONDS: '1', MUX_RECONNECT_SECONDS: '1' }

/**
 * Cloudflare does not say why a publisher is gone, nor which recording is meant: what our media server adds in its place
 * is taken away on the way.
 * @param {number} port  of Vigil
 */
async function asCloudflareSays(port) {
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request.setEncoding('utf8')) text += part
    if (request.headers['cf-webhook-auth']) {
      const { data, ...notice } = JSON.parse(text)
      text = JSON.stringify({ ...notice, data: { ...data, reason: undefined, video_uid: undefined } })
    }
    const headers = new Headers(/** @type {Record<string, string>} */ (request.headers))
    for (const name of ['host', 'connection', 'content-length']) headers.delete(name)
    const answer = await fetch(`http://127.0.0.1:${port}${request.url}`, { method: 'POST', headers, body: text })
    response.writeHead(answer.status).end(await answer.text())
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)))
  return server
}

/** @type {string} */
let folder
/** @type {import('node:http').Server} */
let cloudflareWebhooks
/** @type {import('node:child_process').ChildProcess} */
let providers
/** @type {import('../harness/vigil.js').Vigil} */
let vigil
let log = ''
let [providersPort, providersRtmp] = [0, 0]

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigil-relay-'))
  const port = await freeTcpPort()
  ;[providersPort, providersRtmp] = [await freeTcpPort(), await freeTcpPort()]
  const url = `http://127.0.0.1:${providersPort}`
  cloudflareWebhooks = await asCloudflareSays(port)
  const { port: webhooksPort } = /** @type {import('node:net').AddressInfo} */ (cloudflareWebhooks.address())
  providers = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'media/main.js'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...secrets,
      ...brief,
      HOST: '127.0.0.1',
      MEDIA_PORT: String(providersPort),
      MEDIA_PUBLIC_URL: url,
      MEDIA_DATA: path.join(folder, 'providers'),
      MEDIA_UDP_PORT: String(await freeUdpPort()),
      RTMP_PORT: String(providersRtmp),
      MEDIA_API_TOKEN: token,
      RECORDING_DELAY_SECONDS: '2', // real ones take their time
      WEBHOOK_URL: `http://127.0.0.1:${webhooksPort}/api/webhooks/stream-status`,
      MUX_WEBHOOK_URL: `http://127.0.0.1:${port}/api/webhooks/mux`,
    },
  })
  providers.stderr?.setEncoding('utf8').on('data', (text) => (log += text))
  await once(readline.createInterface({ input: /** @type {any} */ (providers.stdout) }), 'line')
  vigil = await startVigil({
    env: {
      ...brief,
      PORT: String(port),
      CLOUDFLARE_ACCOUNT_ID: 'an-account',
      CLOUDFLARE_API_TOKEN: token,
      CLOUDFLARE_BASE_URL: `${url}/client/v4`,
      CLOUDFLARE_WEBHOOK_SECRET: secrets.WEBHOOK_SECRET,
      CLOUDFLARE_WEBHOOK_AUTH: secrets.WEBHOOK_AUTH_SECRET,
      MUX_TOKEN_ID: 'an-id',
      MUX_TOKEN_SECRET: token,
      MUX_BASE_URL: `${url}/mux`,
      MUX_WEBHOOK_SECRET: secrets.MUX_WEBHOOK_SECRET,
      MUX_INGEST_URL: `rtmp://127.0.0.1:${providersRtmp}/app`,
      MUX_PLAYBACK_URL: `${url}/mux`,
    },
  })
})
after(async () => {
  await vigil?.stop()
  if (providers?.exitCode === null) {
    providers.kill('SIGTERM')
    await once(providers, 'exit')
  }
  cloudflareWebhooks?.close()
  assertNothingSecret(log, [token, ...Object.values(secrets)])
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

test('a service is relayed to Cloudflare, passed on to Mux, and recorded by both', async () => {
  const { origin, signInLink } = vigil
  const json = { origin, 'content-type': 'application/json' }
  const signedIn = await fetch(`${origin}/api/session`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ token: signInLink.split('#')[1] }),
  })
  const headers = { ...json, cookie: String(signedIn.headers.get('set-cookie')).split(';')[0] }
  assert.deepEqual(await (await fetch(`${origin}/readyz`)).json(), { store: true, media: true, serving: true })
  const { memorials } = await (await fetch(`${origin}/api/memorials`, { headers })).json()
  const [{ id: memorialId }] = memorials
  const made = await fetch(`${origin}/api/streams/create-whip`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ memorialId, title: 'Relayed', enableMuxBackup: true }),
  })
  assert.equal(made.status, 201)
  const { stream } = await made.json()
  assert.deepEqual([stream.path, stream.backup], ['relay', 'ready'])
  assert.deepEqual(stream.capabilities, { records: true, hls: true, outputs: true, whep: false })
  assert.ok(stream.whipUrl.startsWith(`${origin}/media/`), 'browsers publish to the relay')
  assert.ok(stream.hlsUrl.startsWith(`http://127.0.0.1:${providersPort}/`), 'and watch what Cloudflare has')

  const key = stream.whipUrl.split('/').at(-3)
  // prettier-ignore
  const encoder = spawn('ffmpeg', [
    '-loglevel', 'quiet', '-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=15', '-f', 'lavfi', '-i', 'sine',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '15', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-t', '90',
    '-f', 'flv', `rtmp://127.0.0.1:${vigil.rtmpPort}/live/${key}`,
  ], { stdio: 'ignore' })
  const view = async () => (await (await fetch(`${origin}/api/memorials/${memorialId}`)).json()).streams[0]
  await until('phase live', async () => (await view()).phase === 'live', 30_000)
  await until('live segments at Cloudflare', async () =>
    (await (await fetch(stream.hlsUrl)).text()).includes('#EXTINF'),
  )
  /** @type {Set<string>} */
  const phases = new Set()
  const exited = once(encoder, 'exit')
  encoder.kill('SIGINT')
  await exited

  const recorded = await until(
    'both recordings',
    async () => {
      const now = await view()
      phases.add(now.phase)
      const { cloudflare, mux } = now.recordingSources
      return cloudflare.available && mux?.available && now
    },
    60_000,
  )
  assert.equal(recorded.phase, 'recording')
  assert.ok(phases.has('preparing') && !phases.has('interrupted'), `after the goodbye: ${[...phases].join(', ')}`)
  assert.equal(recorded.recordingUrl, recorded.recordingSources.cloudflare.playbackUrl, "Cloudflare's is preferred")
  for (const { playbackUrl } of Object.values(recorded.recordingSources)) {
    assert.match(await (await fetch(playbackUrl)).text(), /#EXT-X-ENDLIST/)
  }
})
