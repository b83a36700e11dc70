/** Mux Video through its SDK: live streams and the assets made of them. Our own media server speaks the same. */
import { lazyClient, object, providerError, unlessGone } from './provider-error.js'

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

  /** @template T @param {(video: import('@mux/mux-node').default['video']) => Promise<T>} work @returns {Promise<T>} */
  const ask = async (work) => {
    try {
      return await work((await client()).video)
    } catch (error) {
      throw providerError(name, error)
    }
  }

  /**
   * Every row of a list: pages until one brings nothing new.
   * @param {(page: number) => Promise<{ data?: { id: string }[] }>} list
   */
  async function everyRow(list) {
    const rows = new Map()
    for (let page = 1; page <= 200; page++) {
      const before = rows.size
      const { data } = await list(page)
      for (const row of data ?? []) rows.set(row.id, row)
      if (rows.size === before || (data ?? []).length < pageSize) break
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
      ask(async ({ liveStreams }) => {
        const rows = await everyRow((page) => liveStreams.list({ limit: pageSize, page }))
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

    /** @param {{ muxLiveStreamId: string }} effect */
    ListMuxAssets: ({ muxLiveStreamId }) =>
      ask(({ assets }) => everyRow((page) => assets.list({ live_stream_id: muxLiveStreamId, limit: pageSize, page }))),
  }
}

const pageSize = 100

/** @typedef {ReturnType<typeof openMux>} MuxPort */
