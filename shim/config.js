/** What the shim can be told, its defaults, and how it is read from the environment. docs/deploy.md explains each. */
import { existsSync } from 'node:fs'
import path from 'node:path'

/**
 * @typedef {object} Config
 * @property {boolean} production  NODE_ENV=production: what is fine on one's own machine is refused
 * @property {string} host  address to listen on
 * @property {number} port  0 = any free one
 * @property {string} dataFolder  everything durable that is not in Firestore
 * @property {string} webFolder  the built pages
 * @property {string} accentColor  #rrggbb, of a funeral home; '' = the pages' own
 * @property {string} publicUrl  our address as people type it; '' = the one each request came to
 * @property {string} signInUrl  where people sign in with Firebase; '' = by our own links, or nowhere
 * @property {boolean} trustProxy  believe X-Forwarded-* headers
 * @property {string} frameAncestors  which pages may show the player in a frame, as a Content-Security-Policy names them
 * @property {number} drainSeconds  how long /readyz says no before we stop listening
 * @property {'relay' | 'direct'} ingest
 * @property {string} mediaUrl  a media server that runs already; '' = start one, where one is needed
 * @property {string} mediaPublicUrl  what its addresses begin with; '' = ours + "/media"
 * @property {string} mediaApiToken  '' = the one in the data folder, made at the first start
 * @property {string} webhookSecret  the same
 * @property {string} webhookAuthSecret  the same
 * @property {string} muxWebhookSecret  the same
 * @property {{ account: string, token: string, baseUrl: string } | null} cloudflare  null = our media server plays its part
 * @property {{ tokenId: string, tokenSecret: string, baseUrl: string, ingestUrl: string } | null} mux  the same
 * @property {string} muxPlaybackUrl
 * @property {{ projectId: string } | null} firebase  null = SQLite and sign-in links
 */

/**
 * @param {Record<string, string | undefined>} env
 * @returns {{ config: Readonly<Config>, problems: string[] }}  problems: a sentence for each setting that is missing or
 *   wrong; with any, the config is not to be used
 */
export function readConfig(env) {
  const { text, port, flag, seconds, choice, colour, address, ancestors, secret, problems } = readers(env)
  const config = {
    production: text('NODE_ENV') === 'production',
    host: text('HOST', '127.0.0.1'),
    port: port('PORT', 8080),
    dataFolder: path.resolve(text('DATA', 'data')),
    webFolder: path.resolve(text('WEB', 'build/web')),
    accentColor: colour('ACCENT_COLOR'),
    publicUrl: address('PUBLIC_URL'),
    signInUrl: address('SIGN_IN_URL', { withPath: true }),
    trustProxy: flag('TRUST_PROXY'),
    frameAncestors: ancestors('FRAME_ANCESTORS'),
    drainSeconds: seconds('DRAIN_SECONDS', 0),
    ingest: choice('INGEST', /** @type {const} */ (['relay', 'direct'])),
    mediaUrl: address('MEDIA_URL'),
    mediaPublicUrl: address('MEDIA_PUBLIC_URL', { withPath: true }),
    mediaApiToken: secret('MEDIA_API_TOKEN'),
    webhookSecret: secret('CLOUDFLARE_WEBHOOK_SECRET') || secret('WEBHOOK_SECRET'),
    webhookAuthSecret: secret('CLOUDFLARE_WEBHOOK_AUTH') || secret('WEBHOOK_AUTH_SECRET'),
    muxWebhookSecret: secret('MUX_WEBHOOK_SECRET'),
    cloudflare: cloudflareOf(text, address),
    mux: muxOf(text, address),
    muxPlaybackUrl: address('MUX_PLAYBACK_URL', { withPath: true }) || 'https://stream.mux.com',
    firebase: text('FIREBASE_PROJECT_ID') ? { projectId: text('FIREBASE_PROJECT_ID') } : null,
  }
  problems.push(...missing(config, text), ...(config.production ? unfitForProduction(config, text) : []))
  return { config: Object.freeze(config), problems }
}

/**
 * @param {ReturnType<typeof readers>['text']} text
 * @param {ReturnType<typeof readers>['address']} address
 */
function cloudflareOf(text, address) {
  const baseUrl = address('CLOUDFLARE_BASE_URL', { withPath: true }) || 'https://api.cloudflare.com/client/v4'
  const [account, token] = [text('CLOUDFLARE_ACCOUNT_ID'), text('CLOUDFLARE_API_TOKEN')]
  return account || token ? { account, token, baseUrl } : null
}

/**
 * @param {ReturnType<typeof readers>['text']} text
 * @param {ReturnType<typeof readers>['address']} address
 */
function muxOf(text, address) {
  const baseUrl = address('MUX_BASE_URL', { withPath: true }) || 'https://api.mux.com'
  const ingestUrl = text('MUX_INGEST_URL', 'rtmps://global-live.mux.com:443/app')
  const [tokenId, tokenSecret] = [text('MUX_TOKEN_ID'), text('MUX_TOKEN_SECRET')]
  return tokenId || tokenSecret ? { tokenId, tokenSecret, baseUrl, ingestUrl } : null
}

/** @param {Config} config @param {(name: string) => string} text */
function missing(config, text) {
  /** @type {string[]} */
  const problems = []
  /** @param {string[]} names @param {string} why */
  const need = (names, why) => {
    for (const name of names) if (!text(name)) problems.push(`${name} is missing: ${why}`)
  }
  const cloudflare = ['ACCOUNT_ID', 'API_TOKEN', 'WEBHOOK_SECRET', 'WEBHOOK_AUTH'].map((name) => `CLOUDFLARE_${name}`)
  if (config.cloudflare) need(cloudflare, 'Cloudflare Stream is used with all four of its settings, or not at all.')
  const mux = ['TOKEN_ID', 'TOKEN_SECRET', 'WEBHOOK_SECRET'].map((name) => `MUX_${name}`)
  if (config.mux) need(mux, 'Mux is used with all three of its settings, or not at all.')
  if (config.mediaUrl) {
    const shared = config.cloudflare
      ? []
      : ['WEBHOOK_SECRET', 'WEBHOOK_AUTH_SECRET', ...(config.mux ? [] : ['MUX_WEBHOOK_SECRET'])]
    need(['MEDIA_API_TOKEN', ...shared], 'with MEDIA_URL set, it must be the one that media server has.')
  }
  if (config.signInUrl && !config.firebase) {
    problems.push('SIGN_IN_URL needs Firebase (FIREBASE_PROJECT_ID): without it, people sign in with links of our own.')
  }
  if (config.ingest === 'direct' && !config.cloudflare) {
    problems.push(
      'INGEST=direct needs Cloudflare Stream (CLOUDFLARE_ACCOUNT_ID and the others): there is nobody else to publish to.',
    )
  }
  const file = text('GOOGLE_APPLICATION_CREDENTIALS')
  if (config.firebase && file && !existsSync(file)) {
    problems.push('GOOGLE_APPLICATION_CREDENTIALS names a file that is not there.')
  }
  return problems
}

/** @param {Config} config @param {(name: string) => string} text */
function unfitForProduction(config, text) {
  /** @type {string[]} */
  const problems = []
  if (!config.publicUrl)
    problems.push('PUBLIC_URL is missing: with NODE_ENV=production, our own address must be known.')
  else if (!config.publicUrl.startsWith('https:')) {
    problems.push(
      'PUBLIC_URL must begin with https:// with NODE_ENV=production: browsers give no camera to anything else.',
    )
  }
  for (const name of ['FIREBASE_AUTH_EMULATOR_HOST', 'FIRESTORE_EMULATOR_HOST']) {
    if (!text(name)) continue
    problems.push(`${name} must not be set with NODE_ENV=production: an emulator lets anybody in.`)
  }
  if (text('FAULTS') && text('FAULTS') !== '0')
    problems.push('FAULTS must not be set with NODE_ENV=production: it is for tests.')
  return problems
}

/** @param {Record<string, string | undefined>} env */
function readers(env) {
  /** @type {string[]} */
  const problems = []
  const text = (/** @type {string} */ name, fallback = '') => env[name]?.trim() || fallback
  return {
    problems,
    text,

    /** @param {string} name @param {number} fallback */
    port(name, fallback) {
      const value = text(name, String(fallback))
      if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) {
        problems.push(`${name} must be a port number between 0 and 65535, not "${value}".`)
      }
      return Number(value)
    },

    /** @param {string} name */
    flag(name) {
      const value = text(name, '0')
      if (!['0', '1'].includes(value)) problems.push(`${name} must be 1 or 0, not "${value}".`)
      return value === '1'
    },

    /** @param {string} name @param {number} fallback */
    seconds(name, fallback) {
      const value = text(name, String(fallback))
      if (!/^\d{1,3}$/.test(value)) problems.push(`${name} must be a number of seconds below 1000, not "${value}".`)
      return Number(value)
    },

    /** The first is the default. @template {string} T @param {string} name @param {readonly T[]} values @returns {T} */
    choice(name, values) {
      const value = text(name, values[0])
      const found = values.find((each) => each === value)
      if (!found) problems.push(`${name} must be ${values.join(' or ')}, not "${value}".`)
      return found ?? values[0]
    },

    /** @param {string} name */
    colour(name) {
      const value = text(name)
      if (value && !/^#[0-9a-f]{6}$/i.test(value))
        problems.push(`${name} must be a colour such as #2f5560, not "${value}".`)
      return value.toLowerCase()
    },

    /** @param {string} name */
    address(name, { withPath = false } = {}) {
      const value = text(name).replace(/\/+$/, '')
      if (!value) return ''
      const url = URL.canParse(value) ? new URL(value) : null
      if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
        problems.push(`${name} must be an address such as https://memorial.example.org, not "${value}".`)
      } else if (!withPath && url.pathname !== '/') {
        problems.push(`${name} must be an address without a path, not "${value}".`)
      }
      return value
    },

    /** `*`, `self`, `none`, or origins with spaces between them. @param {string} name */
    ancestors(name) {
      const value = text(name, '*')
      if (value === 'self' || value === 'none') return `'${value}'`
      // CSP 3, 2.3.1: host-source
      if (value !== '*' && !value.split(/\s+/).every((one) => /^https?:\/\/(\*\.)?[\w.-]+(:\d{1,5})?$/.test(one))) {
        problems.push(
          `${name} must be *, self, none, or addresses such as https://www.example.org with spaces between them, not "${value}".`,
        )
      }
      return value
    },

    /** @param {string} name */
    secret(name) {
      const value = text(name)
      if (value && value.length < 16) problems.push(`${name} is too short to be a secret: at least 16 characters.`)
      return value
    },
  }
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
