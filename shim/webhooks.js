/** What the providers, or our own media server in their place, have to say: POST /api/webhooks/... */
import { refuse } from './errors.js'
import { sameSecret, verifyMuxSignature, verifySignature } from './signatures.js'

/** @typedef {import('./app.js').Options} Options */
/** @typedef {(flow: import('./run.js').Flow) => Promise<import('./run.js').Answer>} CarryOut */

/**
 * Stream-status: two products of Cloudflare's come here, told apart by how they prove themselves. The account webhook
 * signs the body (Webhook-Signature); live input notifications carry a shared secret (cf-webhook-auth).
 *
 * @param {Options} options
 * @param {CarryOut} carryOut
 */
export const streamStatus = (options, carryOut) => async (/** @type {import('hono').Context} */ c) => {
  const body = new Uint8Array(await c.req.arrayBuffer())
  const signature = c.req.header('webhook-signature')
  const auth = c.req.header('cf-webhook-auth')
  const product = signature === undefined ? 'notification' : 'video'
  let proof = 'missing'
  if (signature !== undefined) proof = await verifySignature(signature, body, options.webhookSecret)
  else if (auth !== undefined) proof = (await sameSecret(auth, options.webhookAuthSecret)) ? 'ok' : 'wrong'
  return read(c, options, carryOut, { product, proof, body })
}

/** @param {Options} options @param {CarryOut} carryOut */
export const mux = (options, carryOut) => async (/** @type {import('hono').Context} */ c) => {
  const body = new Uint8Array(await c.req.arrayBuffer())
  const signature = c.req.header('mux-signature')
  const proof =
    signature === undefined ? 'missing' : await verifyMuxSignature(signature, body, options.muxWebhookSecret)
  return read(c, options, carryOut, { product: 'mux', proof, body })
}

/**
 * @param {import('hono').Context} c
 * @param {Options} options
 * @param {CarryOut} carryOut
 * @param {{ product: 'video' | 'notification' | 'mux', proof: string, body: Uint8Array }} notice
 */
async function read(c, { core, log, mediaBase, paths }, carryOut, { product, proof, body }) {
  if (proof !== 'ok') {
    log('webhook.refused', { product, proof })
    return refuse(c, 401, 'not-authentic', `This notice does not prove where it comes from: its proof is ${proof}.`)
  }
  const { muxPlaybackBase } = paths
  const now = new Date().toISOString()
  const notice = { product, body: new TextDecoder().decode(body), now, mediaBase, muxPlaybackBase }
  const answer = await carryOut(core.readNotice(JSON.stringify(notice)))
  log('webhook.read', { product, status: answer.status, what: answer.body.what ?? answer.body.error?.what })
  return c.json(answer.body, /** @type {any} */ (answer.status))
}
