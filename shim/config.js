/** What the shim can be told, its defaults, and how it is read from the environment. */
import path from 'node:path'

/**
 * @typedef {object} Config
 * @property {string} host  address to listen on
 * @property {number} port  0 = any free one
 * @property {string} dataFolder  everything durable
 * @property {string} webFolder  the built pages
 * @property {string} publicUrl  our address as people type it; '' = the one each request came to
 * @property {boolean} trustProxy  believe X-Forwarded-* headers
 * @property {string} mediaUrl  a media server that runs already; '' = start one
 * @property {string} mediaPublicUrl  what its addresses begin with; '' = ours + "/media"
 * @property {string} mediaApiToken  '' = the one in the data folder, made at the first start
 * @property {string} webhookSecret  the same
 * @property {string} webhookAuthSecret  the same
 */

/**
 * @param {Record<string, string | undefined>} env
 * @returns {{ config: Readonly<Config>, problems: string[] }}  problems: a sentence for each setting that is missing or
 *   wrong; with any, the config is not to be used
 */
export function readConfig(env) {
  /** @type {string[]} */
  const problems = []
  const text = (/** @type {string} */ name, fallback = '') => env[name]?.trim() || fallback

  /** @param {string} name @param {number} fallback */
  const port = (name, fallback) => {
    const value = text(name, String(fallback))
    if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) {
      problems.push(`${name} must be a port number between 0 and 65535, not "${value}".`)
    }
    return Number(value)
  }
  /** @param {string} name */
  const flag = (name) => {
    const value = text(name, '0')
    if (!['0', '1'].includes(value)) problems.push(`${name} must be 1 or 0, not "${value}".`)
    return value === '1'
  }
  /** @param {string} name */
  const address = (name, { withPath = false } = {}) => {
    const value = text(name).replace(/\/+$/, '')
    if (!value) return ''
    const url = URL.canParse(value) ? new URL(value) : null
    if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
      problems.push(`${name} must be an address such as https://memorial.example.org, not "${value}".`)
    } else if (!withPath && url.pathname !== '/') {
      problems.push(`${name} must be an address without a path, not "${value}".`)
    }
    return value
  }
  /** @param {string} name */
  const secret = (name) => {
    const value = text(name)
    if (value && value.length < 16) problems.push(`${name} is too short to be a secret: at least 16 characters.`)
    return value
  }

  const config = {
    host: text('HOST', '127.0.0.1'),
    port: port('PORT', 8080),
    dataFolder: path.resolve(text('DATA', 'data')),
    webFolder: path.resolve(text('WEB', 'build/web')),
    publicUrl: address('PUBLIC_URL'),
    trustProxy: flag('TRUST_PROXY'),
    mediaUrl: address('MEDIA_URL'),
    mediaPublicUrl: address('MEDIA_PUBLIC_URL', { withPath: true }),
    mediaApiToken: secret('MEDIA_API_TOKEN'),
    webhookSecret: secret('WEBHOOK_SECRET'),
    webhookAuthSecret: secret('WEBHOOK_AUTH_SECRET'),
  }
  if (config.mediaUrl) {
    for (const [name, value] of [
      ['MEDIA_API_TOKEN', config.mediaApiToken],
      ['WEBHOOK_SECRET', config.webhookSecret],
      ['WEBHOOK_AUTH_SECRET', config.webhookAuthSecret],
    ]) {
      if (!value) problems.push(`${name} is missing: with MEDIA_URL set, it must be the one that media server has.`)
    }
  }
  return { config: Object.freeze(config), problems }
}

/**
 * The address at which this machine itself reaches a server that listens on `host`.
 * @param {string} host
 * @param {number} port
 */
export function localUrl(host, port) {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
