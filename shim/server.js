/** The one port people use: pages and API by an app, media by the proxy. */
import http from 'node:http'
import { getRequestListener } from '@hono/node-server'

/** @typedef {{ fetch: any, hub: import('./events.js').Hub }} App */

/** @param {import('./proxy.js').MediaProxy} proxy */
export function createServer(proxy) {
  /** @type {App | undefined} */
  let app
  /** @type {http.RequestListener} */
  let listener = (_request, response) => response.writeHead(503, { 'retry-after': '1' }).end()
  /** Changes under way that people asked for. */
  let changes = 0
  let quiet = () => {}
  const server = http.createServer((request, response) => {
    if (proxy.isMedia(request)) return proxy.handle(request, response)
    if (isChange(request)) {
      changes++
      response.once('close', () => --changes || quiet())
    }
    listener(request, response)
  })
  // Longer than the minute after which most load balancers let an idle connection go.
  server.keepAliveTimeout = 65_000

  return {
    /**
     * @param {number} port
     * @param {string} host
     * @returns {Promise<number>} the port it is
     */
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve(/** @type {import('node:net').AddressInfo} */ (server.address()).port)
        })
      }),

    /** What answers from now on: the app may need to know the port first. @param {App} made */
    serve(made) {
      app = made
      listener = getRequestListener(made.fetch)
    },

    /**
     * Settles when nobody waits for a change, a creation above all: from then on they can do without a media server.
     * @param {number} [milliseconds]  at most
     */
    async quiet(milliseconds = 10_000) {
      if (!changes) return
      /** @type {NodeJS.Timeout | undefined} */
      let late
      await new Promise((resolve) => {
        quiet = () => resolve(null)
        late = setTimeout(quiet, milliseconds)
      })
      clearTimeout(late)
    },

    /**
     * Takes no new connection, and lets every request under way finish: for so long at most, which is longer than a
     * creation takes whose providers do not answer.
     * @param {number} [milliseconds]
     */
    async close(milliseconds = 25_000) {
      const closed = new Promise((resolve) => server.close(resolve))
      app?.hub.close()
      // A connection becomes idle with each answer; only those that wait for nothing are ended.
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      const cut = setTimeout(() => server.closeAllConnections(), milliseconds)
      await closed
      clearTimeout(cut)
      clearInterval(idle)
      proxy.close()
    },
  }
}

/** @param {http.IncomingMessage} request */
const isChange = ({ method = '', url = '' }) =>
  ['POST', 'PATCH', 'DELETE'].includes(method) && url.startsWith('/api/') && !url.startsWith('/api/webhooks/')
