/** What the media server can be told, its defaults, and how it is read from the environment. */
import { log } from './log.js'

/**
 * @typedef {object} Config
 * @property {string} host address to listen on; also decides which addresses are offered for WebRTC
 * @property {number} port HTTP; 0 = any free one
 * @property {string} publicUrl what every returned URL begins with, without a slash at the end; '' = the port's own
 * @property {string} dataFolder everything durable
 * @property {number} rtmpPort 0 = any free one; -1 = no RTMP
 * @property {number} udpPort the one port of all WebRTC sessions; 0 = any free one
 * @property {string} apiToken bearer of the provider API; '' closes it
 * @property {string} webhookUrl '' = nobody is told
 * @property {string} webhookSecret key of Webhook-Signature
 * @property {string} webhookAuthSecret value of cf-webhook-auth
 * @property {number} segmentSeconds
 * @property {number} timeoutSeconds how long a broadcast stays open for a lost publisher
 * @property {number} stopGraceSeconds the same after a DELETE: a client that reconnects DELETEs first
 * @property {number} silenceSeconds a publisher that sends nothing for so long is lost
 * @property {string} ffmpeg
 * @property {import('./log.js').Log} log
 */

/** @type {Config} */
export const defaults = {
  host: '127.0.0.1',
  port: 0,
  publicUrl: '',
  dataFolder: 'data/media',
  rtmpPort: 0,
  udpPort: 0,
  apiToken: '',
  webhookUrl: '',
  webhookSecret: '',
  webhookAuthSecret: '',
  segmentSeconds: 2,
  timeoutSeconds: 60,
  stopGraceSeconds: 5,
  silenceSeconds: 8,
  ffmpeg: 'ffmpeg',
  log,
}

const names = /** @type {const} */ ({
  host: 'HOST',
  port: 'MEDIA_PORT',
  publicUrl: 'MEDIA_PUBLIC_URL',
  dataFolder: 'MEDIA_DATA',
  rtmpPort: 'RTMP_PORT',
  udpPort: 'MEDIA_UDP_PORT',
  apiToken: 'MEDIA_API_TOKEN',
  webhookUrl: 'WEBHOOK_URL',
  webhookSecret: 'WEBHOOK_SECRET',
  webhookAuthSecret: 'WEBHOOK_AUTH_SECRET',
  segmentSeconds: 'SEGMENT_SECONDS',
  timeoutSeconds: 'TIMEOUT_SECONDS',
  stopGraceSeconds: 'STOP_GRACE_SECONDS',
  ffmpeg: 'FFMPEG',
})

/**
 * @param {Record<string, string | undefined>} env
 * @returns {Partial<Config>}
 * @throws {Error} with a sentence, when a number is not one
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
  return config
}
