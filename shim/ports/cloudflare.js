/** Cloudflare Stream through its SDK: live inputs, their outputs and recordings. Our own media server speaks the same. */
import { PortError } from './port-error.js'
import { lazyClient, list, object, providerError, unlessGone } from './provider-error.js'

const patience = 8000 // a person is waiting
const name = 'Cloudflare'

/**
 * @param {object} options
 * @param {() => string | null} options.url  of the API ("…/client/v4"); null while it is not up yet
 * @param {string} options.token
 * @param {string} options.account
 * @param {number} [options.timeoutSeconds]  how long a broadcast waits for a publisher who was lost; without: as the
 *   provider likes
 * @param {number} [options.timeout]  milliseconds
 */
export function openCloudflare({ url, token, account, timeoutSeconds, timeout = patience }) {
  const client = lazyClient(name, url, async (baseURL) => {
    const { default: Cloudflare } = await import('cloudflare')
    // What is tried again, and when, is for the flows to say: the SDK would do so while the person waits, and after a
    // conflict too. Its own log could hold addresses that are keys.
    return new Cloudflare({ apiToken: token, baseURL, timeout, maxRetries: 0, logLevel: 'off' })
  })
  const its = { account_id: account }
  /** @param {string} [rest] */
  const path = (rest = '') => `/accounts/${encodeURIComponent(account)}/stream/live_inputs${rest}`

  /** @template T @param {(api: import('cloudflare').default) => Promise<T>} work @returns {Promise<T>} */
  const ask = async (work) => {
    try {
      return await work(await client())
    } catch (error) {
      throw providerError(name, error)
    }
  }
  /** What the SDK has no method for: the `result` of the envelope. @param {Promise<unknown>} answer */
  const resultOf = async (answer) => /** @type {any} */ (object(name, await answer)).result

  return {
    /**
     * The new live input; the one made before under the same key.
     * @param {{ streamId: string, idempotencyKey: string, title: string, memorialId: string, createdBy: string }} effect
     */
    CreateInput: ({ streamId, idempotencyKey, title, memorialId, createdBy }) =>
      ask(async ({ stream }) =>
        object(
          name,
          await stream.liveInputs.create({
            ...its,
            'Idempotency-Key': idempotencyKey,
            meta: { name: title, streamId, memorialId },
            defaultCreator: createdBy,
            recording: { mode: 'automatic', ...(timeoutSeconds !== undefined && { timeoutSeconds }) },
          }),
        ),
      ),

    /** @param {{ cloudflareInputId: string }} effect */
    GetInput: ({ cloudflareInputId }) =>
      ask(async ({ stream }) => object(name, await stream.liveInputs.get(cloudflareInputId, its))).catch(unlessGone),

    /**
     * The uids of the live inputs that carry this mark. The list has no filter for it, and is not documented to have
     * pages; where it says that there is more, it is asked on from the oldest row. A list that stays incomplete is a
     * failure: what is not in it may be there.
     * @param {{ streamId: string }} effect
     */
    FindInputs: ({ streamId }) =>
      ask(async (api) => {
        /** @type {Map<string, any>} */
        const seen = new Map()
        let [query, total] = [{}, Infinity]
        for (let page = 0; page < 100 && seen.size < total; page++) {
          const result = object(name, await resultOf(api.get(path(), { query })))
          const rows = list(name, result.liveInputs)
          const before = seen.size
          for (const row of rows) seen.set(row.uid, row)
          if (page === 0) total = result.total ?? seen.size
          if (seen.size === before) break
          query = { before: rows.map(({ created }) => String(created)).sort()[0] }
        }
        if (seen.size < total) throw new PortError('unavailable', `${name} listed ${seen.size} of ${total} live inputs`)
        return [...seen.values()].filter(({ meta }) => meta?.streamId === streamId).map(({ uid }) => uid)
      }),

    /** @param {{ cloudflareInputId: string }} effect */
    DeleteInput: ({ cloudflareInputId }) =>
      ask(async ({ stream }) => void (await stream.liveInputs.delete(cloudflareInputId, its))).catch(unlessGone),

    /** @param {{ cloudflareInputId: string }} effect */
    RotateInputKeys: ({ cloudflareInputId }) =>
      ask(async (api) =>
        object(
          name,
          await resultOf(api.post(path(`/${encodeURIComponent(cloudflareInputId)}/rotate_keys`), { body: {} })),
        ),
      ),

    /** @param {{ cloudflareInputId: string }} effect */
    ListVideos: ({ cloudflareInputId }) =>
      ask(async (api) => list(name, await resultOf(api.get(path(`/${encodeURIComponent(cloudflareInputId)}/videos`))))),

    /**
     * The output to this address, made if there is none: outputs have no key of their own to ask again under.
     * @param {{ cloudflareInputId: string, url: string, streamKey: string }} effect
     * @returns {Promise<{ uid: string }>}
     */
    CreateOutput: ({ cloudflareInputId, url: to, streamKey }) =>
      ask(async (api) => {
        const outputs = list(name, await resultOf(api.get(path(`/${encodeURIComponent(cloudflareInputId)}/outputs`))))
        const known = outputs.find((output) => output.url === to && output.streamKey === streamKey)
        if (known) return { uid: String(known.uid) }
        const output = { ...its, url: to, streamKey, enabled: true }
        const made = await api.stream.liveInputs.outputs.create(cloudflareInputId, output)
        return { uid: object(name, made).uid }
      }),

    /** @param {{ cloudflareInputId: string, cloudflareOutputId: string }} effect */
    DeleteOutput: ({ cloudflareInputId, cloudflareOutputId }) =>
      ask(async ({ stream }) => {
        const output = { ...its, live_input_identifier: cloudflareInputId }
        await stream.liveInputs.outputs.delete(cloudflareOutputId, output)
      }).catch(unlessGone),

    /** @param {{ cloudflareVideoId: string }} effect */
    DeleteVideo: ({ cloudflareVideoId }) =>
      ask(async ({ stream }) => void (await stream.delete(cloudflareVideoId, its))).catch(unlessGone),

    /** Throws when the API cannot be used. */
    check: () => ask(async (api) => void (await api.get(path()))),

    /** The account's one webhook: where it leads now, '' = nowhere. */
    webhookUrl: () =>
      ask(async ({ stream }) => /** @type {any} */ (await stream.webhooks.get(its))?.notificationUrl ?? '').catch(
        unlessGone,
      ),
  }
}

/** @typedef {ReturnType<typeof openCloudflare>} CloudflarePort */
