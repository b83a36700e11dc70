/** Vigil as a server of its own: one port, pages, and the media server where there is no other. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { assemble } from './assemble.js'
import { localUrl } from './config.js'
import { loadCore } from './core.js'
import { startMediaProcess } from './media-process.js'
import { openRecords } from './parts.js'
import { takeFolder } from './ports/database.js'
import { createMediaProxy } from './proxy.js'
import { loadSecrets } from './secrets.js'
import { createServer } from './server.js'

const admin = /** @type {const} */ ({ uid: 'admin', name: 'Administrator', role: 'admin' })
const mediaScript = fileURLToPath(new URL('../media/main.js', import.meta.url))

/**
 * @param {import('./config.js').Config} config
 * @param {Record<string, string | undefined>} env  handed on to the media server
 * @param {import('../media/log.js').Log} log
 */
export async function startVigil(config, env, log) {
  // Browsers that publish straight to Cloudflare need none of ours.
  const ownMedia = !config.mediaUrl && !(config.cloudflare && config.ingest === 'direct')
  const core = await loadCore()
  const folder = !config.firebase || ownMedia ? takeFolder(config.dataFolder) : null
  const secrets = loadSecrets(folder && config.dataFolder, config)
  const records = await openRecords(config, log)
  const { local } = records
  if (local) {
    await local.putUser(admin)
    await seed(records.store)
  }

  /** @type {import('./media-process.js').MediaProcess | null} */
  let media = null
  const mediaUrl = () => config.mediaUrl || (media?.url() ?? null)
  const proxy = createMediaProxy({ url: mediaUrl, log, trustProxy: config.trustProxy })

  // The port is taken before the app is made: its number is part of the addresses the media server gives out.
  const server = createServer(proxy)
  let port
  try {
    port = await server.listen(config.port, config.host)
  } catch (error) {
    await records.close()
    folder?.release()
    throw inSentence(error, config)
  }

  const here = localUrl(config.host, port)
  const origin = config.publicUrl || here
  const mediaPublicUrl = config.mediaPublicUrl || `${origin}/media`
  const { webFolder } = config
  const parts = assemble({ config, core, records, secrets, mediaUrl, mediaPublicUrl, ownMedia, webFolder, log })
  server.serve(parts.app)

  if (ownMedia) {
    media = startMediaProcess({
      script: mediaScript,
      env: {
        RTMP_PORT: '1935', // what OBS users expect
        MUX_RECONNECT_SECONDS: '60', // in Mux's place; as long as an input waits for its publisher
        ...withoutCredentials(env),
        HOST: config.host,
        HTTP_HOST: '127.0.0.1', // everybody else comes through our proxy, which lets no provider API through
        MEDIA_PUBLIC_URL: mediaPublicUrl,
        MEDIA_DATA: path.join(config.dataFolder, 'media'),
        MEDIA_API_TOKEN: secrets.mediaApiToken,
        WEBHOOK_URL: `${here}/api/webhooks/stream-status`,
        WEBHOOK_SECRET: secrets.webhookSecret,
        WEBHOOK_AUTH_SECRET: secrets.webhookAuthSecret,
        ...(!config.mux && {
          MUX_WEBHOOK_URL: `${here}/api/webhooks/mux`,
          MUX_WEBHOOK_SECRET: secrets.muxWebhookSecret,
        }),
        ...(config.cloudflare && { SHIM_URL: here }),
      },
      log,
    })
  }

  return {
    /** Our address. */
    origin,
    /** Settles when streams can be created. */
    ready: media?.ready ?? Promise.resolve(config.mediaUrl),
    media,

    /** A link that signs the administrator in, once; null where others say who is who. */
    signInLink: async () => local && `${origin}/sign-in#${await local.createToken(admin.uid)}`,

    /**
     * Ends everything in order. First others learn that we are going; then our media server, for it still has to tell us
     * how its broadcasts ended; then every request under way gets its answer.
     */
    async stop() {
      parts.drain()
      if (config.drainSeconds) await setTimeout(config.drainSeconds * 1000)
      if (media) await server.quiet()
      await media?.stop()
      await server.close()
      await parts.stop()
      folder?.release()
    },
  }
}

/** The media server needs no account of ours anywhere. @param {Record<string, string | undefined>} env */
const withoutCredentials = (env) =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(CLOUDFLARE|MUX_TOKEN|GOOGLE|FIREBASE|FIRESTORE)/.test(name)),
  )

/**
 * The first start: a memorial, so that there is something to see.
 * @param {Pick<import('./ports/store-sqlite.js').Store, 'FindMemorials' | 'SaveMemorial'>} store
 */
async function seed(store) {
  if ((await store.FindMemorials()).length) return
  const id = randomUUID()
  const createdAt = new Date().toISOString()
  await store.SaveMemorial({ id, document: { id, name: 'A memorial service', ownerUid: admin.uid, createdAt } })
}

/** @param {any} error @param {import('./config.js').Config} config */
function inSentence(error, { host, port }) {
  const sentences = /** @type {Record<string, string>} */ ({
    EADDRINUSE: `Port ${port} on ${host} is taken by another program. End it, or set PORT to another port.`,
    EACCES: `Port ${port} may not be used by this user. Set PORT to one above 1023.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Set HOST to one it has.`,
  })
  return new Error(sentences[error.code] ?? error.message, { cause: error })
}
