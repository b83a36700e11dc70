/** Which store, which identity and which providers: what the configuration says, behind the same function names. */
import path from 'node:path'
import { openCloudflare } from './ports/cloudflare.js'
import { openDatabase } from './ports/database.js'
import { openFirebase } from './ports/firebase.js'
import { openFirebaseAuth, openFirebaseIdentity } from './ports/firebase-identity.js'
import { openIdentity } from './ports/local-identity.js'
import { openMux } from './ports/mux.js'
import { openFirestore } from './ports/store-firestore.js'
import { openStore } from './ports/store-sqlite.js'

/** @typedef {import('./config.js').Config} Config */

/**
 * Store and identity.
 * @param {Config} config
 * @param {import('../media/log.js').Log} log
 */
export async function openRecords({ firebase, dataFolder }, log) {
  if (!firebase) {
    const database = openDatabase(path.join(dataFolder, 'vigil.sqlite'))
    const local = openIdentity(database)
    const store = openStore(database)
    return { store, identity: local, local, close: store.close }
  }
  const { app, close } = await openFirebase(firebase)
  const store = await openFirestore({ app, log })
  const identity = openFirebaseIdentity(await openFirebaseAuth(app))
  return { store, identity, local: null, close: () => store.close().then(close) }
}

/**
 * The providers, or our own media server in their place: the same SDKs, other addresses and secrets.
 * @param {Config} config
 * @param {{ mediaUrl: () => string | null, mediaApiToken: string }} media
 */
export function openProviders({ cloudflare, mux }, { mediaUrl, mediaApiToken }) {
  /** @param {string} path */
  const at = (path) => () => {
    const url = mediaUrl()
    return url && url + path
  }
  return {
    cloudflare: cloudflare
      ? // A phone that loses its network for a minute does not split the service into two recordings.
        openCloudflare({ ...cloudflare, url: () => cloudflare.baseUrl, timeoutSeconds: 90 })
      : openCloudflare({ url: at('/client/v4'), account: 'local', token: mediaApiToken }),
    mux: mux
      ? openMux({ ...mux, url: () => mux.baseUrl })
      : openMux({ url: at('/mux'), tokenId: 'local', tokenSecret: mediaApiToken, ingestUrl: '', reconnectWindow: 60 }),
  }
}

/**
 * The ways of media that creation may choose from.
 * @param {Config} config
 * @param {string} mediaPublicUrl
 * @returns {import('./app.js').Paths}
 */
export function pathsOf({ ingest, cloudflare, mux, muxPlaybackUrl }, mediaPublicUrl) {
  return {
    ingest,
    provider: cloudflare ? 'cloudflare' : 'embedded',
    relayUrl: cloudflare && ingest === 'relay' ? `${mediaPublicUrl}/` : '',
    // Cloudflare can push to Mux, but not to a machine that has no address of its own.
    mux: Boolean(mux ?? !cloudflare),
    muxPlaybackBase: mux ? muxPlaybackUrl : `${mediaPublicUrl}/mux`,
  }
}

/**
 * Where a page's media may come from, apart from our own address.
 * @param {Config} config
 */
export function mediaOriginsOf({ mediaPublicUrl, cloudflare, mux, muxPlaybackUrl }) {
  return [
    ...(mediaPublicUrl ? [new URL(mediaPublicUrl).origin] : []),
    ...(cloudflare ? ['https://*.cloudflarestream.com'] : []),
    ...(mux ? ['https://*.mux.com', new URL(muxPlaybackUrl).origin] : []),
  ]
}
