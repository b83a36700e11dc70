/** Proof that a webhook comes from whom it says: WebCrypto alone, so that it runs in Node and in Workers alike. */

const encoder = new TextEncoder()
const replayWindow = 300 // seconds, into the past and into the future
const mostSignatures = 5

/** @typedef {'ok' | 'malformed' | 'stale' | 'wrong'} Proof */

/**
 * Cloudflare Stream's `Webhook-Signature: time=<unix s>,sig1=<hex>` over `time.body`.
 *
 * @param {string | undefined} header
 * @param {Uint8Array} body  the bytes as they came
 * @param {string} secret
 * @param {number} [now]  unix seconds
 */
export const verifySignature = (header, body, secret, now) => verify(header, ['time', 'sig1'], body, secret, now)

/**
 * Mux's `Mux-Signature: t=<unix s>,v1=<hex>`, over the same. While its secret is being changed there are several v1, and
 * one that fits is enough.
 *
 * @param {string | undefined} header
 * @param {Uint8Array} body  the bytes as they came
 * @param {string} secret
 * @param {number} [now]  unix seconds
 */
export const verifyMuxSignature = (header, body, secret, now) => verify(header, ['t', 'v1'], body, secret, now)

/**
 * @param {string | undefined} header
 * @param {[string, string]} names  of the time and of the signatures in it
 * @param {Uint8Array} body
 * @param {string} secret
 * @param {number} [now]
 * @returns {Promise<Proof>}
 */
async function verify(header, [timeName, signatureName], body, secret, now = Math.floor(Date.now() / 1000)) {
  const parts = (header ?? '').split(',').map(pair)
  const time = parts.find(([name]) => name === timeName)?.[1] ?? ''
  const signatures = parts
    .filter(([name, value]) => name === signatureName && /^[0-9a-f]{64}$/.test(value))
    .slice(0, mostSignatures)
  if (!/^[0-9]{1,12}$/.test(time) || !signatures.length) return 'malformed'
  if (Math.abs(now - Number(time)) > replayWindow) return 'stale'
  const prefix = encoder.encode(`${time}.`)
  const signed = new Uint8Array(prefix.length + body.length)
  signed.set(prefix)
  signed.set(body, prefix.length)
  const key = await hmacKey(encoder.encode(secret), 'verify')
  for (const [, hex] of signatures) {
    const signature = Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16))
    // subtle.verify compares in constant time.
    if (await crypto.subtle.verify('HMAC', key, signature, signed)) return 'ok'
  }
  return 'wrong'
}

/**
 * Whether two secrets are the same, in a time that says nothing about where they differ.
 *
 * @param {string} given
 * @param {string} expected
 */
export async function sameSecret(given, expected) {
  // Under a key nobody knows, their MACs say nothing about them; verify compares those in constant time.
  const key = await hmacKey(crypto.getRandomValues(new Uint8Array(32)), 'sign', 'verify')
  const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(expected))
  return crypto.subtle.verify('HMAC', key, mac, encoder.encode(given))
}

/** @param {string} text  `name=value`; the value may hold further equals signs @returns {[string, string]} */
function pair(text) {
  const at = text.indexOf('=')
  return [text.slice(0, Math.max(at, 0)).trim(), text.slice(at + 1).trim()]
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {KeyUsage[]} usages */
const hmacKey = (bytes, ...usages) =>
  crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, usages)
