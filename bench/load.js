/** A worker that sends requests as fast as so many clients can, and says how long each took. */
import { Agent, request } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

/** @typedef {{ path: string, headers: Record<string, string>, body: string }} Post */

/** @type {{ url: string, posts: Post[], clients: number }} */
const { url, posts, clients } = workerData
const agent = new Agent({ keepAlive: true, maxSockets: clients })

/** @param {Post} post @returns {Promise<number>} its status */
const send = ({ path, headers, body }) =>
  new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
    sent.once('error', reject).end(body)
  })

/** @type {number[]} */
const took = []
/** @type {Record<string, number>} */
const statuses = {}
let next = 0
const started = performance.now()
await Promise.all(
  Array.from({ length: clients }, async () => {
    while (next < posts.length) {
      const post = posts[next++]
      const at = performance.now()
      const status = await send(post)
      took.push(performance.now() - at)
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  }),
)
const seconds = (performance.now() - started) / 1000
agent.destroy()
parentPort?.postMessage({ seconds, took, statuses })
