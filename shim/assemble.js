/** The app and its workers, from their parts: the same for a server of our own and for a host around us. */
import { createApp } from './app.js'
import { openLimits } from '../media/limits.js'
import { mediaOriginsOf, openProviders, pathsOf } from './parts.js'
import { hide, reasonOf } from '../media/log.js'
import { carrier, effectsOf } from './run.js'
import { createWorkers } from './workers.js'

/**
 * @param {object} options
 * @param {import('./config.js').Config} options.config
 * @param {import('./core.js').Core} options.core
 * @param {Awaited<ReturnType<typeof import('./parts.js').openRecords>>} options.records
 * @param {import('./secrets.js').Secrets} options.secrets
 * @param {() => string | null} options.mediaUrl  where our media server is now, if there is one
 * @param {string} options.mediaPublicUrl  what its addresses begin with
 * @param {boolean} options.ownMedia  we cannot do without it
 * @param {string} options.webFolder  '' = the host has pages of its own
 * @param {import('../media/log.js').Log} options.log
 */
export function assemble({ config, core, records, secrets, mediaUrl, mediaPublicUrl, ownMedia, webFolder, log }) {
  hide([...Object.values(secrets), config.cloudflare?.token, config.mux?.tokenSecret])
  const { store, identity } = records
  const { cloudflare, mux } = openProviders(config, { mediaUrl, mediaApiToken: secrets.mediaApiToken })
  const effects = { ...effectsOf(store, cloudflare, mux), Wait }
  const paths = pathsOf(config, mediaPublicUrl)
  // Addresses of our own media server are kept without their beginning, so that it may change.
  const mediaBase = !config.mediaPublicUrl && mediaPublicUrl.endsWith('/media') ? mediaPublicUrl.slice(0, -6) : ''
  let draining = false
  const workers = createWorkers({ core, store, carryOut: carrier(effects, log), mediaBase, paths, log })
  const app = createApp({
    core,
    ports: {
      effects,
      changes: store,
      identity,
      limits: openLimits(),
      checks: {
        store: store.check,
        ...(ownMedia && { media: config.cloudflare ? () => checkMedia(mediaUrl()) : cloudflare.check }),
        // A load balancer sends its requests elsewhere, while we still answer those that come.
        serving: async () => {
          if (draining) throw new Error('ending')
        },
      },
    },
    publicUrl: config.publicUrl,
    mediaBase,
    mediaOrigins: mediaOriginsOf(config),
    frameAncestors: config.frameAncestors,
    trustProxy: config.trustProxy,
    webhookSecret: secrets.webhookSecret,
    webhookAuthSecret: secrets.webhookAuthSecret,
    muxWebhookSecret: secrets.muxWebhookSecret,
    relayToken: secrets.mediaApiToken,
    paths,
    settle: workers.settleNow,
    webFolder,
    signInUrl: config.signInUrl,
    accentColor: config.accentColor,
    log,
  })
  workers.start()
  if (config.cloudflare && config.publicUrl) tellWhereWebhookLeads(cloudflare, config, log)

  return {
    app,
    workers,
    /** From now on we are not ready, though we still answer. */
    drain() {
      draining = true
    },
    /** Ends what goes on without requests; the requests should be over. */
    async stop() {
      app.hub.close()
      await workers.stop()
      await records.close()
    },
  }
}

/** @param {{ ms: number }} effect */
const Wait = ({ ms }) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5000), null))

/** A relay answers nobody but publishers; that it answers at all is enough. @param {string | null} url */
async function checkMedia(url) {
  const answer = url && (await fetch(url, { signal: AbortSignal.timeout(2000) }))
  if (!answer || answer.status >= 500) throw new Error('the media server is not well')
}

/**
 * An account has one webhook. Another installation's is not taken away from it; somebody has to decide.
 * @param {import('./ports/cloudflare.js').CloudflarePort} cloudflare
 * @param {import('./config.js').Config} config
 * @param {import('../media/log.js').Log} log
 */
async function tellWhereWebhookLeads(cloudflare, { publicUrl }, log) {
  try {
    const url = await cloudflare.webhookUrl()
    if (url !== `${publicUrl}/api/webhooks/stream-status`) log('cloudflare.webhook-elsewhere', { set: Boolean(url) })
  } catch (error) {
    log('cloudflare.unreachable', { reason: reasonOf(error) })
  }
}
