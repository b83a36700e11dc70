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
  const server = http.createServer((request, response) => {
    if (proxy.isMedia(request)) proxy.handle(request, response)
    else listener(request, response)
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
