/** POST /api/webhooks/stream-status: what Cloudflare Stream, or our own media server in its place, has to say. */
import { refuse } from './errors.js'
import { reasonOf } from './log.js'
import { run } from './run.js'
import { sameSecret, verifySignature } from './signatures.js'

/**
 * Two products come here, told apart by how they prove themselves: the account webhook signs the body
 * (Webhook-Signature), live input notifications carry a shared secret (cf-webhook-auth).
 *
 * @param {import('./app.js').Options} options
 */
export const streamStatus = (options) => async (/** @type {import('hono').Context} */ c) => {
  const { core, ports, log, webhookSecret, webhookAuthSecret, mediaBase } = options
  const body = new Uint8Array(await c.req.arrayBuffer())
  const signature = c.req.header('webhook-signature')
  const auth = c.req.header('cf-webhook-auth')

  let proof = 'missing'
  if (signature !== undefined) proof = await verifySignature(signature, body, webhookSecret)
  else if (auth !== undefined) proof = (await sameSecret(auth, webhookAuthSecret)) ? 'ok' : 'wrong'
  if (proof !== 'ok') {
    log('webhook.refused', { proof })
    return refuse(c, 401, 'not-authentic', `This notice does not prove where it comes from: its proof is ${proof}.`)
  }

  const product = signature === undefined ? 'notification' : 'video'
  const flow = core.readNotice(
    JSON.stringify({ product, body: new TextDecoder().decode(body), now: new Date().toISOString(), mediaBase }),
  )
  const answer = await run(flow, ports.effects, (effect, error) => {
    if (error?.code !== 'conflict') log('port.failed', { effect, reason: reasonOf(error) })
  })
  log('webhook.read', { product, status: answer.status, what: answer.body.what ?? answer.body.error?.what })
  return c.json(answer.body, /** @type {any} */ (answer.status))
}
