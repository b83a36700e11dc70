/** All parts together: the store, the media server, the app, one port. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApp } from './app.js'
import { localUrl } from './config.js'
import { loadCore } from './core.js'
import { startMediaProcess } from './media-process.js'
import { openDatabase, takeFolder } from './ports/database.js'
import { openLimits } from './ports/limits-memory.js'
import { openLiveInputs } from './ports/live-inputs.js'
import { openIdentity } from './ports/local-identity.js'
import { openStore } from './ports/store-sqlite.js'
import { createMediaProxy } from './proxy.js'
import { effectsOf } from './run.js'
import { loadSecrets } from './secrets.js'
import { createServer } from './server.js'

const admin = /** @type {const} */ ({ uid: 'admin', name: 'Administrator', role: 'admin' })
const mediaScript = fileURLToPath(new URL('../media/main.js', import.meta.url))

/**
 * @param {import('./config.js').Config} config
 * @param {Record<string, string | undefined>} env  handed on to the media server
 * @param {import('./log.js').Log} log
 */
export async function startVigil(config, env, log) {
  const core = await loadCore()
  const folder = takeFolder(config.dataFolder)
  const secrets = loadSecrets(config.dataFolder, config)
  const database = openDatabase(path.join(config.dataFolder, 'vigil.sqlite'))
  const store = openStore(database)
  const identity = openIdentity(database)
  await identity.putUser(admin)
  await seed(store)

  /** @type {import('./media-process.js').MediaProcess | null} */
  let media = null
  const mediaUrl = () => config.mediaUrl || (media?.url() ?? null)
  const liveInputs = openLiveInputs({ url: mediaUrl, token: secrets.mediaApiToken })
  const proxy = createMediaProxy({ url: mediaUrl, log })

  // The port is taken before the app is made: its number is part of the addresses the media server gives out.
  const server = createServer(proxy)
  let port
  try {
    port = await server.listen(config.port, config.host)
  } catch (error) {
    await store.close()
    folder.release()
    throw inSentence(error, config)
  }

  const origin = config.publicUrl || localUrl(config.host, port)
  const mediaPublicUrl = config.mediaPublicUrl || `${origin}/media`
  const mediaOrigin = config.mediaPublicUrl && new URL(config.mediaPublicUrl).origin
  const mediaBase = mediaPublicUrl.endsWith('/media') ? mediaPublicUrl.slice(0, -'/media'.length) : ''
  const app = createApp({
    core,
    ports: {
      effects: effectsOf(store, liveInputs),
      changes: store,
      identity,
      limits: openLimits(),
      checks: { store: store.check, media: liveInputs.check },
    },
    publicUrl: config.publicUrl,
    mediaBase: mediaOrigin ? '' : mediaBase,
    mediaOrigin,
    trustProxy: config.trustProxy,
    webhookSecret: secrets.webhookSecret,
    webhookAuthSecret: secrets.webhookAuthSecret,
    webFolder: config.webFolder,
    log,
  })
  server.serve(app)

  if (!config.mediaUrl) {
    media = startMediaProcess({
      script: mediaScript,
      env: {
        RTMP_PORT: '1935', // what OBS users expect
        ...env,
        HOST: config.host,
        MEDIA_PUBLIC_URL: mediaPublicUrl,
        MEDIA_DATA: path.join(config.dataFolder, 'media'),
        MEDIA_API_TOKEN: secrets.mediaApiToken,
        WEBHOOK_URL: `${localUrl(config.host, port)}/api/webhooks/stream-status`,
        WEBHOOK_SECRET: secrets.webhookSecret,
        WEBHOOK_AUTH_SECRET: secrets.webhookAuthSecret,
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

    /** A link that signs the administrator in, once. */
    signInLink: async () => `${origin}/sign-in#${await identity.createToken(admin.uid)}`,

    /** Ends everything in order: the media server first, for it still has to tell us how its broadcasts ended. */
    async stop() {
      await media?.stop()
      await server.close()
      await store.close()
      folder.release()
    },
  }
}

/**
 * The first start: a memorial, so that there is something to see.
 * @param {Pick<import('./ports/store-sqlite.js').Store, 'FindMemorials' | 'SaveMemorial'>} documents
 */
async function seed({ FindMemorials, SaveMemorial }) {
  if ((await FindMemorials()).length) return
  const id = randomUUID()
  const createdAt = new Date().toISOString()
  await SaveMemorial({ id, document: { id, name: 'A memorial service', ownerUid: admin.uid, createdAt } })
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
