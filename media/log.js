/**
 * One JSON line an event, on stderr. What must never be in one: a stream key, a WHIP path, a token, an address of a
 * viewer. An input is named by its uid, a broadcast by its videoUid, a session by the first 6 characters of its id.
 */

/** @typedef {(event: string, details?: Record<string, unknown>) => void} Log */

// Whoever read it may be gone. That must not end a broadcast, nor be told in the log.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

/** @type {Log} */
export function log(event, details = {}) {
  process.stderr.write(JSON.stringify({ at: new Date().toISOString(), event, ...details }) + '\n')
}

/** @param {unknown} error */
export const reasonOf = (error) => (error instanceof Error ? error.message : String(error))
