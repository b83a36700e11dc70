/** Mux Video through its SDK: live streams and the assets made of them. Our own media server speaks the same. */
import { setTimeout } from 'node:timers/promises'
import { lazyClient, list, object, providerError, unlessGone } from './provider-error.js'

const patience = 8000 // a person is waiting
const name = 'Mux'

/**
 * @param {object} options
 * @param {() => string | null} options.url  of the API; null while it is not up yet
 * @param {string} options.tokenId
 * @param {string} options.tokenSecret
 * @param {string} options.ingestUrl  where its live streams take RTMP; '' = its answers say so (our media server's)
 * @param {number} [options.reconnectWindow]  seconds an encoder may be away within one recording
 * @param {number} [options.timeout]  milliseconds
 */
export function openMux({ url, tokenId, tokenSecret, ingestUrl, reconnectWindow = 300, timeout = patience }) {
  const client = lazyClient(name, url, async (baseURL) => {
    const { default: Mux } = await import('@mux/mux-node')
    // Mux has no idempotency keys: a creation the SDK sends again would be a second live stream.
    return new Mux({ tokenId, tokenSecret, baseURL, timeout, maxRetries: 0, logLevel: 'off' })
  })

  /** @typedef {import('@mux/mux-node').default} Client */
  /** @template T @param {(video: Client['video'], api: Client) => Promise<T>} work @returns {Promise<T>} */
  const ask = async (work) => {
    try {
      const api = await client()
      return await work(api.video, api)
    } catch (error) {
      throw providerError(name, error)
    }
  }

  /**
   * Every row of a list: pages until one is not full. Asked for without the SDK's pages, which take nonsense for an empty
   * list; and that nothing is there is a reason to believe that nothing is left to be deleted.
   * @param {Client} api
   * @param {string} path
   * @param {object} [query]
   */
  async function everyRow(api, path, query) {
    const rows = new Map()
    for (let page = 1; page <= 1000; page++) {
      if (page > 1) await setTimeout(pagePause)
      const before = rows.size
      const answer = await api.get(`/video/v1/${path}`, { query: { ...query, limit: pageSize, page } })
      const data = list(name, /** @type {any} */ (object(name, answer)).data)
      for (const row of data) rows.set(row.id, row)
      if (rows.size === before || data.length < pageSize) break
    }
    return [...rows.values()]
  }

  return {
    /** A new live stream: its data, and where to push to. @param {{ streamId: string, title: string }} effect */
    CreateMuxStream: ({ streamId, title }) =>
      ask(async ({ liveStreams }) => {
        const made = await liveStreams.create({
          playback_policies: ['public'],
          // Without a policy of its own the recording could not be played.
          new_asset_settings: {
            playback_policies: ['public'],
            passthrough: streamId,
            meta: { title, external_id: streamId },
          },
          latency_mode: 'standard',
          reconnect_window: reconnectWindow,
          passthrough: streamId,
        })
        const data = /** @type {any} */ (object(name, made))
        return { ...data, ingestUrl: ingestUrl || data.ingest_url || '' }
      }),

    /** The ids of the live streams that carry this mark. @param {{ streamId: string }} effect */
    FindMuxStreams: ({ streamId }) =>
      ask(async (_, api) => {
        const rows = await everyRow(api, 'live-streams')
        return rows.filter(({ passthrough }) => passthrough === streamId).map(({ id }) => id)
      }),

    /** @param {{ muxLiveStreamId: string }} effect */
    GetMuxStream: ({ muxLiveStreamId }) =>
      ask(async ({ liveStreams }) => object(name, await liveStreams.retrieve(muxLiveStreamId))).catch(unlessGone),

    /** @param {{ muxLiveStreamId: string }} effect */
    DeleteMuxStream: ({ muxLiveStreamId }) =>
      ask(async ({ liveStreams }) => void (await liveStreams.delete(muxLiveStreamId))).catch(unlessGone),

    /** @param {{ muxAssetId: string }} effect */
    GetMuxAsset: ({ muxAssetId }) =>
      ask(async ({ assets }) => object(name, await assets.retrieve(muxAssetId))).catch(unlessGone),

    /** @param {{ muxAssetId: string }} effect */
    DeleteMuxAsset: ({ muxAssetId }) =>
      ask(async ({ assets }) => void (await assets.delete(muxAssetId))).catch(unlessGone),

    /** @param {{ muxLiveStreamId: string }} effect */
    ListMuxAssets: ({ muxLiveStreamId }) =>
      ask((_, api) => everyRow(api, 'assets', { live_stream_id: muxLiveStreamId })),
  }
}

const pageSize = 100
const pagePause = 250 // milliseconds: Mux answers five requests a second, and creations are among them

/** @typedef {ReturnType<typeof openMux>} MuxPort */
