/** What the media tests share: a server on a folder of its own, someone who takes its webhooks, and waiting. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startMedia } from '../../media/server.js'

export const run = promisify(execFile)

/** Of every process on this machine, as anybody on it can read them. */
export const commandLines = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return '' // it has ended
      }
    })
    .join('\n')

/**
 * Asks again and again until there is an answer that is not undefined, null or false.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} ask
 * @param {number} [seconds]
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, ask, seconds = 15) {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== null && answer !== false) return /** @type {NonNullable<T>} */ (answer)
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`)
    await pause(30)
  }
}

/**
 * @typedef {{ headers: import('node:http').IncomingHttpHeaders, text: string, body: any, at: number }} Delivery
 */

/** Takes webhooks. `answer` decides the status of each; those answered with 200 are in `taken`. */
export async function webhookReceiver(answer = /** @type {(delivery: Delivery) => number} */ (() => 200)) {
  /** @type {Delivery[]} */
  const all = []
  /** @type {Delivery[]} */
  const taken = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const delivery = { headers: request.headers, text, body: JSON.parse(text), at: Date.now() }
    all.push(delivery)
    const status = answer(delivery)
    if (status === 200) taken.push(delivery)
    response.writeHead(status).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  /** What it was about, in a word. */
  const what = (/** @type {Delivery} */ { body }) => body.type ?? body.data?.event_type ?? `video.${body.status.state}`
  return {
    url: `http://127.0.0.1:${port}/api/webhooks/stream-status`,
    all,
    taken,
    /** @param {string} event */
    find: (event) => taken.find((delivery) => what(delivery) === event),
    events: () => taken.map(what),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

export const apiToken = 'token-of-the-tests'
export const secrets = {
  webhookSecret: 'secret-of-the-webhook',
  webhookAuthSecret: 'secret-of-notifications',
  muxWebhookSecret: 'secret-of-mux',
}

/**
 * A server with short patience, on a folder that goes with it.
 * @param {import('node:test').TestContext} test
 * @param {Partial<import('../../media/config.js').Config>} [options]
 */
export async function given(test, options = {}) {
  const hooks = await webhookReceiver()
  const dataFolder = options.dataFolder ?? (await mkdtemp(path.join(tmpdir(), 'vigil-media-')))
  /** @type {{ event: string, [key: string]: unknown }[]} */
  const logged = []
  const media = await startMedia({
    segmentSeconds: 1,
    timeoutSeconds: 2,
    stopGraceSeconds: 0.2,
    apiToken,
    webhookUrl: hooks.url,
    muxWebhookUrl: hooks.url,
    ...secrets,
    log: (event, details) => void logged.push({ event, ...details }),
    ...options,
    dataFolder,
  })
  test.after(async () => {
    await media.close()
    hooks.close()
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 10 })
  })
  const api = apiOf(media.url)
  const mux = muxOf(media.url)
  return { ...media, hooks, dataFolder, logged, api, mux, createInput: () => createInput(api) }
}

/**
 * The Mux API of a server.
 * @param {string} url
 * @returns {(method: string, path: string, body?: unknown) => Promise<{ status: number, data: any, error: any }>}
 */
export const muxOf = (url) => async (method, name, body) => {
  const authorization = `Basic ${Buffer.from(`any:${apiToken}`).toString('base64')}`
  const options = { method, headers: { authorization }, body: body === undefined ? undefined : JSON.stringify(body) }
  const reply = await fetch(`${url}/mux/video/v1${name}`, options)
  return { status: reply.status, ...(reply.status !== 204 && (await reply.json())) }
}

/** What the shim asks for. */
export const muxSettings = {
  playback_policies: ['public'],
  new_asset_settings: { playback_policies: ['public'], passthrough: 'st_1', meta: { title: 'Service for A. Example' } },
  reconnect_window: 1,
  passthrough: 'st_1',
}

/**
 * @param {string} url of the server
 * @returns {(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<{ status: number, body: any }>}
 */
export const apiOf =
  (url) =>
  async (method, name, body, headers = {}) => {
    const reply = await fetch(`${url}/client/v4/accounts/local/stream${name}`, {
      method,
      headers: { authorization: `Bearer ${apiToken}`, ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: reply.status, body: await reply.json() }
  }

/** @param {ReturnType<typeof apiOf>} api */
export async function createInput(api) {
  const { status, body } = await api('POST', '/live_inputs', {
    meta: { name: 'Service for A. Example' },
    recording: { mode: 'automatic' },
  })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.result
}

/**
 * Publishes a test picture and a tone with ffmpeg. A key frame each second.
 * @param {string} url rtmp://…
 * @param {{ seconds?: number, size?: string, sound?: boolean, picture?: boolean }} [options]
 */
export function publishRtmp(url, { seconds = 60, size = '320x180', sound = true, picture = true } = {}) {
  const pattern = picture ? ['-re', '-f', 'lavfi', '-i', `testsrc=size=${size}:rate=30`] : []
  const tone = sound ? ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'] : []
  const codecs = [
    '-c:a',
    'aac',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-g',
    '30',
    '-pix_fmt',
    'yuv420p',
  ]
  return child('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', ...pattern, ...tone, ...codecs],
    ...['-t', String(seconds), '-f', 'flv', '-flvflags', 'no_duration_filesize', url],
  ])
}

/**
 * A WHIP publisher without a browser, in a process of its own.
 * @param {import('node:test').TestContext} test
 * @param {string} url
 * @param {object} [options] of whip-publisher.js
 */
export function publishWhip(test, url, options = {}) {
  const script = new URL('whip-publisher.js', import.meta.url).pathname
  const publisher = child(process.execPath, [script, JSON.stringify({ url, ...options })])
  test.after(() => {
    publisher.process.stdin.end()
    for (const [, pid] of publisher.said().matchAll(/^encoder (\d+)$/gm)) {
      try {
        process.kill(Number(pid), 'SIGKILL')
      } catch {
        // It has ended.
      }
    }
  })
  return {
    ...publisher,
    order: (/** @type {string} */ line) => publisher.process.stdin.write(line + '\n'),
    /** @param {string} word */
    said: (word) => new RegExp(`^${word} (.*)$`, 'm').exec(publisher.said())?.[1],
    all: publisher.said,
  }
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
export function child(program, args, env = {}) {
  const process_ = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  process_.stdin.on('error', () => {})
  let said = ''
  process_.stdout.on('data', (text) => (said += text))
  process_.stderr.on('data', (text) => (said += text))
  const ended = once(process_, 'close').then(([code]) => /** @type {number | null} */ (code))
  return { process: process_, ended, said: () => said, kill: () => process_.kill('SIGKILL') }
}

/** @param {string} text of a playlist */
export const segmentsOf = (text) => text.split('\n').filter((line) => line && !line.startsWith('#'))

/** @param {string} text of a playlist; seconds */
export const secondsOf = (text) => [...text.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, s]) => sum + Number(s), 0)

/** @param {string} url */
export async function get(url) {
  const reply = await fetch(url)
  return { status: reply.status, headers: reply.headers, text: await reply.text() }
}

/**
 * @param {string} file or URL
 * @returns {Promise<{ seconds: number, streams: { codec_name: string, profile: string, width?: number, height?: number }[] }>}
 */
export async function probe(file) {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-show_entries', 'format=duration:stream=codec_name,profile,width,height', '-of', 'json', file],
  ])
  const { format, streams } = JSON.parse(stdout)
  return { seconds: Number(format.duration), streams }
}

/**
 * Decodes everything and returns what ffmpeg complained of. In the input's own time base: at a guessed frame rate, frames
 * of a camera that does not keep one would fall on the same instant.
 */
export async function faultsOf(/** @type {string} */ file) {
  const { stderr } = await run('ffmpeg', [
    '-v',
    'error',
    '-i',
    file,
    '-fps_mode',
    'passthrough',
    '-enc_time_base',
    '-1',
    '-f',
    'null',
    '-',
  ])
  return stderr
}

/**
 * A certificate nobody else vouches for, in a folder that goes with the test.
 * @param {import('node:test').TestContext} test
 * @param {string} [names] subjectAltName
 */
export async function selfMadeCertificate(test, names = 'DNS:localhost,IP:127.0.0.1') {
  const folder = await mkdtemp(path.join(tmpdir(), 'vigil-tls-'))
  test.after(() => rm(folder, { recursive: true, force: true }))
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')]
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-keyout', key, '-out', cert, '-subj', '/CN=vigil.test', '-addext', `subjectAltName=${names}`],
  ])
  return { tlsCert: cert, tlsKey: key }
}
