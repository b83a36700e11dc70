/** Starts the media server: HTTP, RTMP and WebRTC on one data folder. */
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { defaults } from './config.js'
import { loadCore } from './core.js'
import { Faults } from './faults.js'
import { Inputs } from './inputs.js'
import { Lives } from './lives.js'
import { hide } from './log.js'
import { MuxNotices } from './mux-notices.js'
import { CloudflareNotices } from './notices.js'
import { Recorder } from './recorder.js'
import { Relay } from './relay.js'
import { keepRetention } from './retention.js'
import { router } from './routes.js'
import { RtcPort } from './rtc.js'
import { rtmpServer } from './rtmp.js'
import { Videos } from './videos.js'
import { WebRtc } from './webrtc.js'
import { Webhooks } from './webhooks.js'

/**
 * @typedef {object} Media
 * @property {string} url of the HTTP port itself
 * @property {string} publicUrl
 * @property {number} rtmpPort -1 = none
 * @property {number} rtmpsPort -1 = none
 * @property {number} udpPort
 * @property {import('./lives.js').Lives} lives
 * @property {() => Promise<void>} close ends sessions, finalises what has been stopped, leaves the rest for the next start
 */

/**
 * What is waited for of broadcasts and recordings. With what webhooks (2 s) and the UDP port (5 s) may take it stays under
 * the 20 s after which whoever started us insists.
 */
const mediaEndsWithin = 10_000

/**
 * @param {Partial<import('./config.js').Config>} options
 * @returns {Promise<Media>}
 */
export async function startMedia(options) {
  /** @type {import('./config.js').Config} */
  const config = { ...defaults, ...options }
  hide([config.apiToken, config.webhookSecret, config.webhookAuthSecret, config.muxWebhookSecret])
  const folder = (/** @type {string} */ name) => path.join(config.dataFolder, name)
  await mkdir(config.dataFolder, { recursive: true })
  const core = await loadCore()

  const inputs = new Inputs(folder('inputs'))
  const videos = new Videos(folder('videos'))
  const faults = new Faults()
  const webhooks = new Webhooks(folder('webhooks'), config, faults)
  /** Completed below, when the ports are known. */
  const addresses = { publicUrl: config.publicUrl.replace(/\/$/, ''), rtmpUrl: '', muxIngestUrl: '' }
  const cloudflareNotices = new CloudflareNotices(inputs, webhooks, addresses)
  const muxNotices = new MuxNotices(inputs, videos, webhooks)
  const noticesFor = (/** @type {{ mux?: object }} */ { mux }) => (mux ? muxNotices : cloudflareNotices)
  const recorder = new Recorder(config, videos, noticesFor)
  const relay = config.shimUrl ? new Relay(config) : null
  const lives = new Lives(config, { inputs, videos, noticesFor, recorder, relay })
  if (relay && !config.apiToken) throw new Error('SHIM_URL needs MEDIA_API_TOKEN: the shim answers nobody else.')
  const tls = await readTls(config)
  await Promise.all([inputs.open(), videos.open(), webhooks.open()])

  const port = await RtcPort.open(config)
  const parts = { config, inputs, videos, lives, core, port, addresses, relay, faults, muxNotices }
  const webRtc = new WebRtc(parts)
  const http = createServer(router({ ...parts, webRtc }))
  // Longer than a proxy keeps its connections, or it would send a request into one that is being closed.
  http.keepAliveTimeout = 75_000
  const rtmp = config.rtmpPort < 0 ? null : rtmpServer(config, inputs, lives, relay)
  const rtmps = tls && rtmpServer(config, inputs, lives, relay, tls)

  try {
    const httpHost = config.httpHost || config.host
    const httpPort = await listen(http, config.port, httpHost)
    const host = hostOf(config.host)
    const url = `http://${hostOf(httpHost)}:${httpPort}`
    addresses.publicUrl ||= url
    // First what was going on, then what is new: an encoder that is trying again all the time must find its broadcast.
    await lives.open()
    const rtmpPort = rtmp ? await listen(rtmp, config.rtmpPort, config.host) : -1
    const rtmpsPort = rtmps ? await listen(rtmps, config.rtmpsPort, config.host) : -1
    const { hostname } = new URL(addresses.publicUrl)
    if (rtmp) addresses.rtmpUrl = `rtmp://${hostname}:${rtmpPort}/live/`
    if (rtmps) addresses.rtmpUrl = `rtmps://${hostname}:${rtmpsPort}/live/`
    if (rtmp) addresses.muxIngestUrl = `rtmp://${host}:${rtmpPort}/app`
    else if (rtmps) addresses.muxIngestUrl = `rtmps://${hostname}:${rtmpsPort}/app`
    lives.opened = true
    const stopRetention = keepRetention(config, videos)

    /** @type {Promise<void> | undefined} */
    let closing
    const close = async () => {
      http.close()
      rtmp?.close()
      rtmps?.close()
      stopRetention()
      const asked = performance.now()
      recorder.stop()
      await lives.close()
      webRtc.close()
      await recorder.close(mediaEndsWithin - (performance.now() - asked))
      await webhooks.close()
      http.closeAllConnections()
      await port.close()
    }
    return {
      url,
      publicUrl: addresses.publicUrl,
      rtmpPort,
      rtmpsPort,
      udpPort: port.port,
      lives,
      close: () => (closing ??= close()),
    }
  } catch (error) {
    http.close()
    rtmp?.close()
    rtmps?.close()
    await port.close()
    throw error
  }
}

/**
 * What RTMPS shows; null when there is none.
 * @param {import('./config.js').Config} config
 * @throws {Error} with a sentence
 */
async function readTls({ rtmpsPort, tlsCert, tlsKey }) {
  if (rtmpsPort < 0) return null
  if (!tlsCert || !tlsKey) throw new Error('RTMPS_PORT needs TLS_CERT and TLS_KEY.')
  return { cert: await readFile(tlsCert), key: await readFile(tlsKey) }
}

/** An instance that is just ending may still hold the port: it gets some seconds to let go. */
async function listen(
  /** @type {import('node:net').Server} */ server,
  /** @type {number} */ port,
  /** @type {string} */ host,
) {
  for (let tries = 0; ; tries++) {
    server.listen(port, host || undefined)
    try {
      await once(server, 'listening')
      return /** @type {import('node:net').AddressInfo} */ (server.address()).port
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE' || tries >= 10) throw error
      await pause(500)
    }
  }
}

/** As it stands in a URL. */
function hostOf(/** @type {string} */ host) {
  if (['', '0.0.0.0', '::'].includes(host)) return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
