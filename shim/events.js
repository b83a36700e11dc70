/**
 * Server-sent events: everybody who looks at a memorial page is told at once when something changes. The view is made
 * and encoded once for all of them; a slow reader gets the newest state when it is ready, never a backlog.
 */

const encoder = new TextEncoder()
const beat = encoder.encode(': still here\n\n')

/**
 * @param {object} options
 * @param {(memorialId: string, origin: string) => Promise<{ status: number, body: any }>} options.view
 * @param {import('./ports/store-sqlite.js').Store['subscribe']} options.subscribe
 * @param {import('../media/log.js').Log} options.log
 * @param {number} [options.heartbeat]  milliseconds
 * @param {number} [options.mostReaders]
 */
export function createHub({ view, subscribe, log, heartbeat = 15_000, mostReaders = 20_000 }) {
  /** @typedef {{ memorialId: string, origin: string, readers: Set<Reader>, text: string, event: Uint8Array, refreshing: boolean, stale: boolean }} Channel */
  /** @type {Map<string, Channel>} one for each memorial and address it is looked at under */
  const channels = new Map()
  let count = 0
  let closed = false

  const unsubscribe = subscribe(({ memorialId }) => {
    for (const channel of channels.values()) if (channel.memorialId === memorialId) refresh(channel)
  })
  const pulse = setInterval(() => {
    for (const { readers } of channels.values()) for (const reader of readers) reader.beat()
  }, heartbeat)
  pulse.unref()

  /** @param {Channel} channel */
  async function refresh(channel) {
    channel.stale = true
    if (channel.refreshing) return
    channel.refreshing = true
    while (channel.stale && channel.readers.size) {
      channel.stale = false
      try {
        const { status, body } = await view(channel.memorialId, channel.origin)
        if (status !== 200) throw new Error(`the view answered ${status}`)
        show(channel, JSON.stringify(body))
      } catch (error) {
        log('events.failed', { reason: /** @type {Error} */ (error).message })
        setTimeout(() => refresh(channel), 1000).unref()
        break
      }
    }
    channel.refreshing = false
  }

  /** @param {Channel} channel @param {string} text */
  function show(channel, text) {
    if (text === channel.text) return
    channel.text = text
    channel.event = encoder.encode(`event: memorial\ndata: ${text}\n\n`)
    for (const reader of channel.readers) reader.show(channel.event)
  }

  return {
    /** How many are reading. */
    get readers() {
      return count
    },

    /**
     * The stream of one reader, or null when there are too many. `first` is the view it starts with.
     * @param {string} memorialId
     * @param {string} origin
     * @param {any} first
     */
    open(memorialId, origin, first) {
      if (closed || count >= mostReaders) return null
      const key = `${origin}\n${memorialId}`
      const text = JSON.stringify(first)
      const channel = channels.get(key) ?? {
        memorialId,
        origin,
        readers: new Set(),
        text,
        event: encoder.encode(`event: memorial\ndata: ${text}\n\n`),
        refreshing: false,
        stale: false,
      }
      channels.set(key, channel)
      const reader = new Reader(() => {
        if (!channel.readers.delete(reader)) return
        count--
        if (!channel.readers.size) channels.delete(key)
      })
      channel.readers.add(reader)
      count++
      // Two seconds: what a browser waits before it asks again after a lost connection.
      reader.show(encoder.encode('retry: 2000\n\n'))
      reader.show(channel.event)
      // Something may have changed between `first` and now.
      refresh(channel)
      return reader.stream
    },

    /** Ends all streams: for the end of the process. */
    close() {
      closed = true
      clearInterval(pulse)
      unsubscribe()
      for (const { readers } of channels.values()) for (const reader of [...readers]) reader.close()
    },
  }
}

/** @typedef {ReturnType<typeof createHub>} Hub */

class Reader {
  /** @type {ReadableStreamDefaultController<Uint8Array> | undefined} */
  #controller
  /** @type {Uint8Array | null} the newest event, when the reader could not take it yet */
  #waiting = null
  #leave

  /** @param {() => void} leave */
  constructor(leave) {
    this.#leave = leave
    /** @type {ReadableStream<Uint8Array>} */
    this.stream = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: (controller) => {
          if (this.#waiting) controller.enqueue(this.#waiting)
          this.#waiting = null
        },
        cancel: () => leave(),
      },
      { highWaterMark: 4 },
    )
  }

  /** @param {Uint8Array} event */
  show(event) {
    if ((this.#controller?.desiredSize ?? 0) > 0) this.#controller?.enqueue(event)
    else this.#waiting = event
  }

  beat() {
    if ((this.#controller?.desiredSize ?? 0) > 0) this.#controller?.enqueue(beat)
  }

  close() {
    this.#leave()
    this.#controller?.close()
  }
}
