/**
 * One JSON line an event, on stderr. Keys, tokens, cookies, WHIP addresses and sign-in links must never be in one;
 * whatever looks like one all the same is blacked out.
 */

/** @typedef {(event: string, details?: Record<string, unknown>) => void} Log */

// Every secret of ours and of the providers is at least this long, and nothing a person needs to read is.
const secret = /[A-Za-z0-9_-]{32,}/g

/** @param {string} text */
export const redact = (text) => text.replace(secret, (found) => `${found.slice(0, 4)}…`)

// Whoever read it may be gone. That must not end a broadcast, nor be told in the log.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

/** @type {Log} */
export function log(event, details = {}) {
  const line = JSON.stringify({ at: new Date().toISOString(), event, ...details })
  process.stderr.write(redact(line) + '\n')
}

/** @param {unknown} error */
export const reasonOf = (error) => (error instanceof Error ? error.message : String(error))
