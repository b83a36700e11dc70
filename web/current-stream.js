/** @typedef {import('./types.js').PublicStream} PublicStream */

/** @param {PublicStream} stream */
const lastHappened = ({ createdAt, startedAt = '', endedAt = '' }) => [createdAt, startedAt, endedAt].sort().pop() ?? ''

/**
 * The stream the memorial page shows first: one that is live, else one that may come back, else the one where
 * something happened last. So a recording is not hidden behind a stream that was created beside it and never used,
 * and the end of a service leaves its guests where they are. Undefined when there is none.
 *
 * @param {PublicStream[]} streams
 * @returns {PublicStream | undefined}
 */
export function currentStream(streams) {
  const rank = (/** @type {PublicStream} */ stream) => {
    if (stream.phase === 'live') return 3
    if (stream.phase === 'interrupted') return 2
    return stream.phase === 'none' ? 0 : 1
  }
  return [...streams].sort((a, b) => rank(b) - rank(a) || lastHappened(b).localeCompare(lastHappened(a)))[0]
}
