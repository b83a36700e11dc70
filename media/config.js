/** What the media server can be told, its defaults, and how it is read from the environment. */
import { log } from './log.js'

/**
 * @typedef {object} Config
 * @property {string} host address to listen on; also decides which addresses are offered for WebRTC
 * @property {string} httpHost address to listen on for HTTP, the provider API with it; '' = the same
 * @property {number} port HTTP; 0 = any free one
 * @property {string} publicUrl what every returned URL begins with, without a slash at the end; '' = the port's own
 * @property {string} dataFolder everything durable
 * @property {number} rtmpPort 0 = any free one; -1 = no RTMP
 * @property {number} rtmpsPort the same over TLS; needs tlsCert and tlsKey
 * @property {string} tlsCert file (PEM): what RTMPS shows
 * @property {string} tlsKey file (PEM)
 * @property {string} tlsCa file (PEM): who may vouch for the servers we push to; '' = whom the machine trusts
 * @property {number} udpPort the one port of all WebRTC sessions; 0 = any free one
 * @property {string} apiToken bearer of the provider API; '' closes it
 * @property {string} webhookUrl '' = nobody is told
 * @property {string} webhookSecret key of Webhook-Signature
 * @property {string} webhookAuthSecret value of cf-webhook-auth
 * @property {string} muxWebhookUrl '' = nobody is told
 * @property {string} muxWebhookSecret key of Mux-Signature
 * @property {string} shimUrl makes this a relay: it is asked what an unknown key may do; '' = no relay
 * @property {number} segmentSeconds
 * @property {number} timeoutSeconds how long a broadcast stays open for a lost publisher
 * @property {number} stopGraceSeconds the same after a DELETE: a client that reconnects DELETEs first
 * @property {number} recordingDelaySeconds so much later a recording is ready: real ones take their time
 * @property {number} muxAssetDelaySeconds
 * @property {number} muxReconnectSeconds the longest reconnect_window that is honoured; -1 = any
 * @property {number} faults 1 = POST /faults arranges for failures
 * @property {number} silenceSeconds a publisher that sends nothing for so long is lost
 * @property {string} ffmpeg
 * @property {import('./log.js').Log} log
 */

/** @type {Config} */
export const defaults = {
  host: '127.0.0.1',
  httpHost: '',
  port: 0,
  publicUrl: '',
  dataFolder: 'data/media',
  rtmpPort: 0,
  rtmpsPort: -1,
  tlsCert: '',
  tlsKey: '',
  tlsCa: '',
  udpPort: 0,
  apiToken: '',
  webhookUrl: '',
  webhookSecret: '',
  webhookAuthSecret: '',
  muxWebhookUrl: '',
  muxWebhookSecret: '',
  shimUrl: '',
  segmentSeconds: 2,
  timeoutSeconds: 60,
  stopGraceSeconds: 5,
  recordingDelaySeconds: 0,
  muxAssetDelaySeconds: 0,
  muxReconnectSeconds: -1,
  faults: 0,
  silenceSeconds: 8,
  ffmpeg: 'ffmpeg',
  log,
}

const names = /** @type {const} */ ({
  host: 'HOST',
  httpHost: 'HTTP_HOST',
  port: 'MEDIA_PORT',
  publicUrl: 'MEDIA_PUBLIC_URL',
  dataFolder: 'MEDIA_DATA',
  rtmpPort: 'RTMP_PORT',
  rtmpsPort: 'RTMPS_PORT',
  tlsCert: 'TLS_CERT',
  tlsKey: 'TLS_KEY',
  tlsCa: 'TLS_CA',
  udpPort: 'MEDIA_UDP_PORT',
  apiToken: 'MEDIA_API_TOKEN',
  webhookUrl: 'WEBHOOK_URL',
  webhookSecret: 'WEBHOOK_SECRET',
  webhookAuthSecret: 'WEBHOOK_AUTH_SECRET',
  muxWebhookUrl: 'MUX_WEBHOOK_URL',
  muxWebhookSecret: 'MUX_WEBHOOK_SECRET',
  shimUrl: 'SHIM_URL',
  segmentSeconds: 'SEGMENT_SECONDS',
  timeoutSeconds: 'TIMEOUT_SECONDS',
  stopGraceSeconds: 'STOP_GRACE_SECONDS',
  recordingDelaySeconds: 'RECORDING_DELAY_SECONDS',
  muxAssetDelaySeconds: 'MUX_ASSET_DELAY_SECONDS',
  muxReconnectSeconds: 'MUX_RECONNECT_SECONDS',
  faults: 'FAULTS',
  ffmpeg: 'FFMPEG',
})

/**
 * @param {Record<string, string | undefined>} env
 * @returns {Partial<Config>}
 * @throws {Error} with a sentence, when a number is not one, or in production what is for tests only
 */
export function configFromEnv(env) {
  /** @type {Record<string, string | number>} */
  const config = {}
  for (const [key, name] of Object.entries(names)) {
    const text = env[name]
    if (text === undefined || text === '') continue
    if (typeof defaults[/** @type {keyof Config} */ (key)] !== 'number') {
      config[key] = text
      continue
    }
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw new Error(`${name} must be a number, not "${text}".`)
    config[key] = Number(text)
  }
  if (config.faults && env.NODE_ENV === 'production') {
    throw new Error('FAULTS must not be set with NODE_ENV=production: it is for tests.')
  }
  return config
}
