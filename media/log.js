/**
 * One JSON line an event, on stderr, of Vigil and of its media server. What must never be in one: a key, a token, a
 * cookie, an address to publish to, a sign-in link, an address of a viewer. Whatever looks like a secret all the same is
 * blacked out, and so is every secret we were given, whatever it looks like.
 */

/** @typedef {(event: string, details?: Record<string, unknown>) => void} Log */

// What we make and what providers give looks like this. Ids do, too: they pass where they are the whole of a field that
// holds one, and nowhere else, for a stream key of Mux is a UUID.
const looksSecret = /[\w-]{32,}/g
const idFields = ['id', 'input', 'output', 'video']
const isId = /^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(:\w+)?$/

/** @type {Set<string>} */
const hidden = new Set()

/** These are secrets, whatever they look like. @param {(string | undefined)[]} secrets */
export function hide(secrets) {
  for (const secret of secrets) if (secret) hidden.add(secret)
}

/** @param {string} text @param {boolean} [id]  it stands where an id does */
export function redact(text, id = false) {
  const known = [...hidden].reduce((rest, secret) => rest.replaceAll(secret, '…'), text)
  return id && isId.test(known) ? known : known.replace(looksSecret, (found) => `${found.slice(0, 4)}…`)
}

/**
 * The line of an event.
 * @param {string} event
 * @param {Record<string, unknown>} [details]
 */
export const lineOf = (event, details = {}) =>
  JSON.stringify({ at: new Date().toISOString(), event, ...details }, (key, value) =>
    typeof value === 'string' ? redact(value, idFields.includes(key)) : value,
  )

// Whoever read it may be gone. That must not end a broadcast, nor be told in the log.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

/** @type {Log} */
export function log(event, details) {
  process.stderr.write(`${lineOf(event, details)}\n`)
}

/** @param {unknown} error */
export const reasonOf = (error) => (error instanceof Error ? error.message : String(error))
