/** What must never be in a log: keys, tokens, cookies, signatures, addresses to publish to. */

/** By their looks. */
const shapes = /** @type {[string, RegExp][]} */ ([
  ['a stream key', /[0-9a-f]{32}k[0-9a-f]{32}/],
  ['an address to publish to', /\/[\w-]{20,}\/webRTC\/publish/],
  ['a session cookie', /(__session|\bsession)=[\w.-]{8,}/],
  ['a bearer token', /Bearer [\w.-]{8,}/i],
  ['basic credentials', /Basic [\w+/=]{12,}/],
  ['a signature', /\b(sig1|v1)=[0-9a-f]{64}/],
  ['a JSON web token', /\beyJ[\w-]{10,}\.[\w-]{10,}\./],
])

/**
 * What is secret in `text`, in words that do not repeat it.
 * @param {string} text
 * @param {string[]} [known]  secrets of whoever asks
 */
export function secretsIn(text, known = []) {
  const found = shapes.filter(([, shape]) => shape.test(text)).map(([what]) => what)
  for (const secret of known) {
    if (secret && text.includes(secret)) found.push(`the secret beginning with ${secret.slice(0, 4)}`)
  }
  return found
}

/** @param {string} log @param {string[]} [known] */
export function assertNothingSecret(log, known) {
  const found = secretsIn(log, known)
  if (found.length) throw new Error(`The log holds ${found.join(', ')}.`)
}
