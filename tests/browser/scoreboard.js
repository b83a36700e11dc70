/** Twenty checks of a WHIP client, of RFC 9725 and of what it has to survive. Nothing here knows whose it is. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { candidatesOf, until } from './endpoint.js'

/** @typedef {import('./subject.js').Given} Given */

const here = /** @type {any} */ (globalThis) // the page's own `here`, once it runs there

/** @param {boolean} holds @param {unknown} [seen] */
function require(holds, seen) {
  if (!holds) throw new Error(`saw ${JSON.stringify(seen)}`.slice(0, 300))
}

const lines = (/** @type {string} */ text, /** @type {RegExp} */ pattern) => text.match(pattern)?.length ?? 0
const value = (/** @type {string} */ text, /** @type {string} */ name) =>
  text.match(new RegExp(`^a=${name}:(.+?)\r?$`, 'm'))?.[1]
const post = (/** @type {Given} */ { endpoint }) => until(() => endpoint.sent('POST')[0], 'a POST')
const patch = (/** @type {Given} */ { endpoint }) => until(() => endpoint.sent('PATCH')[0], 'a PATCH')
const deleted = (/** @type {Given} */ { endpoint }) => until(() => endpoint.sent('DELETE')[0], 'a DELETE', 5000)

/** @type {[string, (given: Given) => Promise<void>][]} */
export const checks = [
  [
    '4.3.2 POST does not wait for gathering, though the STUN server is dead',
    async (given) => {
      const dead = createSocket('udp4')
      await once(dead.bind(0, '127.0.0.1'), 'listening')
      try {
        const started = Date.now()
        await given.start({ iceServers: [{ urls: `stun:127.0.0.1:${dead.address().port}` }] })
        await post(given)
        require(Date.now() - started < 1000, Date.now() - started)
      } finally {
        dead.close()
      }
    },
  ],
  [
    '4.7 no Authorization without a token',
    async (given) => {
      await given.start()
      await given.reach('live')
      require(given.endpoint.requests.every(({ headers }) => !('authorization' in headers)))
    },
  ],
  [
    '4.2 both sections are sendonly',
    async (given) => {
      await given.start()
      const { body } = await post(given)
      require(lines(body, /^m=(audio|video) /gm) === 2 && lines(body, /^a=sendonly\r$/gm) === 2, body)
    },
  ],
  [
    '4.4.1 rtcp-mux-only in each section',
    async (given) => {
      await given.start()
      const { body } = await post(given)
      require(lines(body, /^a=rtcp-mux-only\r$/gm) === 2, body)
    },
  ],
  [
    '4.3.1 candidates carry the ETag as If-Match',
    async (given) => {
      given.endpoint.script = [given.endpoint.session({ etag: '"their; own"' })]
      await given.start()
      require((await patch(given)).headers['if-match'] === '"their; own"')
    },
  ],
  [
    '4.3.2 the fragment is valid',
    async (given) => {
      await given.start()
      const { body, headers } = await patch(given)
      const offer = given.endpoint.sent('POST')[0].body
      require(headers['content-type'] === 'application/trickle-ice-sdpfrag', headers)
      for (const name of ['ice-ufrag', 'ice-pwd', 'mid']) require(value(body, name) === value(offer, name), body)
      require(/^m=audio \d+ UDP\/TLS\/RTP\/SAVPF /m.test(body), body)
      require(candidatesOf(body).every((each) => /^candidate:\S+ 1 (udp|tcp) \d+ \S+ \d+ typ /i.test(each)), body)
    },
  ],
  [
    '4.3.2 the end of the candidates is told',
    async (given) => {
      await given.start()
      const told = () => given.endpoint.requests.some(({ body }) => /^a=end-of-candidates\r?$/m.test(body))
      await until(told, 'a=end-of-candidates', 5000)
    },
  ],
  [
    '4.7 the token goes with POST, PATCH and DELETE',
    async (given) => {
      await given.start({ token: 'a.b-c' })
      await patch(given)
      await given.reach('live')
      await given.stop()
      await deleted(given)
      for (const method of ['POST', 'PATCH', 'DELETE']) {
        require(given.endpoint.sent(method).every(({ headers }) => headers.authorization === 'Bearer a.b-c'), method)
      }
    },
  ],
  [
    '4.2 DELETE on stop',
    async (given) => {
      await given.start()
      await given.reach('live')
      await given.stop()
      await deleted(given)
      require(given.endpoint.sessions.size === 0)
    },
  ],
  [
    '4.5 a redirect to another origin, and a Location relative to it',
    async (given) => {
      const { endpoint, other } = given
      endpoint.cors = other.cors = true
      endpoint.script = [() => ({ status: 307, headers: { location: `${other.origin}/deep/whip` } })]
      other.script = [other.session({ location: 'sess/7' })]
      await given.start()
      await given.reach('live')
      await given.stop()
      await until(() => other.sent('DELETE')[0], 'a DELETE over there', 5000)
      require(other.sent('DELETE')[0].path === '/deep/sess/7', other.sent('DELETE'))
    },
  ],
  [
    '4.2 Location: sess/77',
    async (given) => {
      given.endpoint.script = [given.endpoint.session({ location: 'sess/77' })]
      await given.start()
      await given.reach('live')
      await given.stop()
      require((await deleted(given)).path === '/a/sess/77', given.endpoint.sent('DELETE'))
    },
  ],
  [
    '4.6 a TURN server of the 201, whatever stands inside the quotes',
    async (given) => {
      const link = `<turn:127.0.0.1:9?transport=udp>; rel="ice-server"; username="a,b;c'd"; credential="e;f,g'h"`
      given.endpoint.script = [given.endpoint.session({ link })]
      await given.start()
      const seen = () => given.page.evaluate(() => here.configured.flat())
      await until(async () => (await seen()).length > 0, 'ICE servers in the configuration', 5000)
      const [server] = await seen()
      require(server.username === "a,b;c'd" && server.credential === "e;f,g'h", server)
    },
  ],
  [
    '4.5 503 with Retry-After: 1',
    async (given) => {
      /** @type {number[]} */
      const times = []
      given.endpoint.script = [
        () => (times.push(Date.now()), { status: 503, headers: { 'retry-after': '1' } }),
        (request, answer) => (times.push(Date.now()), given.endpoint.session()(request, answer)),
      ]
      await given.start()
      await given.reach('live')
      require(times[1] - times[0] > 950 && times[1] - times[0] < 2500, times)
    },
  ],
  [
    '4.3.1 a PATCH that is refused with 405 ends nothing',
    async (given) => {
      given.endpoint.patches = Array.from({ length: 9 }, () => () => ({ status: 405 }))
      await given.start()
      await patch(given)
      await given.reach('live')
      await sends(given)
      require(given.endpoint.sent('POST').length === 1 && given.endpoint.sent('DELETE').length === 0)
    },
  ],
  [
    '4.2 it comes back when the connection has failed, with the camera on',
    async (given) => {
      await given.start()
      await given.reach('live')
      await given.page.evaluate(() => here.peers.at(-1).close())
      await until(() => given.endpoint.sent('POST').length === 2, 'another POST', 10000)
      await given.reach('live')
      await sends(given)
      require(await given.page.evaluate(() => here.cameras.every((/** @type {any} */ t) => t.readyState === 'live')))
    },
  ],
  [
    '4.3.3 ICE restart: If-Match *, new credentials, the answer applied, media goes on',
    async (given) => {
      await given.start()
      await given.reach('live')
      await until(
        () => given.endpoint.sent('PATCH').some(({ body }) => body.includes('end-of-cand')),
        'the trickle',
        5000,
      )
      const before = await given.page.evaluate(() => here.connections.at(-1).remoteDescription.sdp)
      await given.page.evaluate(() => here.pretend('failed'))
      const restart = await until(
        () => given.endpoint.sent('PATCH').find(({ headers }) => headers['if-match'] === '*'),
        'a restart',
        10000,
      )
      require(value(restart.body, 'ice-ufrag') !== value(given.endpoint.sent('POST')[0].body, 'ice-ufrag'), restart)
      const now = () => given.page.evaluate(() => here.connections.at(-1).remoteDescription.sdp)
      await until(async () => value(await now(), 'ice-ufrag') !== value(before, 'ice-ufrag'), 'new credentials applied')
      require(candidatesOf(await now()).length > 0, await now())
      await given.page.evaluate(() => here.pretend(''))
      await given.reach('live')
      await sends(given)
      require(given.endpoint.sent('POST').length === 1, 'another POST')
    },
  ],
  [
    '4.2 no session is left when it is stopped during the POST',
    async (given) => {
      const { endpoint } = given
      let release = () => {}
      const held = new Promise((resolve) => (release = () => resolve(undefined)))
      endpoint.script = [async (request, answer) => ({ ...(await endpoint.session()(request, answer)), after: held })]
      await given.start()
      await until(() => endpoint.sessions.size === 1, 'a session')
      await given.stop()
      release()
      await until(() => endpoint.sessions.size === 0, 'its DELETE', 5000)
    },
  ],
  [
    '4.2 a 201 without Location is an error, and nothing else is deleted instead',
    async (given) => {
      given.endpoint.script = [async (_, answer) => ({ status: 201, body: await answer() })]
      await given.start()
      await given.reach('failed', 5000)
      require(given.endpoint.sent('DELETE').length === 0)
    },
  ],
  [
    '4.4.3 an answer that rejects the picture is an error',
    async (given) => {
      given.endpoint.script = [
        async (request, answer) => {
          const reply = await given.endpoint.session()(request, answer)
          return { ...reply, body: reply.body?.replace(/^m=video \d+/m, 'm=video 0') }
        },
      ]
      await given.start()
      await given.reach('failed', 5000)
    },
  ],
  [
    '4.1 what a problem+json says comes to the page',
    async (given) => {
      const problem = { type: 'https://p.test/full', title: 'The house is full', detail: 'Ten are streaming.' }
      const headers = { 'content-type': 'application/problem+json' }
      given.endpoint.script = [() => ({ status: 403, headers, body: JSON.stringify(problem) })]
      await given.start()
      await given.reach('failed', 5000)
      const said = await given.page.evaluate(() => here.subject.problem())
      require(said.includes(problem.title) && said.includes(problem.detail), said)
    },
  ],
]

/** Packets leave, and go on leaving. @param {Given} given */
async function sends({ page }) {
  const packets = () =>
    page.evaluate(async () => {
      let sum = 0
      for (const report of (await here.connections.at(-1).getStats()).values()) {
        if (report.type === 'remote-inbound-rtp' || report.type === 'outbound-rtp') sum += report.packetsSent ?? 0
      }
      return sum
    })
  const before = await packets()
  await until(async () => (await packets()) > before + 5, 'packets', 8000)
}
