/** @typedef {import('./types.js').PublicStream} PublicStream */

/**
 * A stream and, as streams of their own, the recordings it made besides the one it shows: a service that was broken
 * off for long has several, and none may be lost to the family. Their id is the stream's, a slash, and their own.
 *
 * @param {PublicStream} stream
 * @returns {PublicStream[]}
 */
export function withParts(stream) {
  const parts = (stream.recordings ?? []).filter(
    ({ provider, playbackUrl }) =>
      provider === (stream.preferredRecordingSource ?? 'cloudflare') &&
      !(stream.phase === 'recording' && playbackUrl === stream.recordingUrl),
  )
  return [
    stream,
    ...parts.map(({ id, playbackUrl: recordingUrl, downloadUrl, duration, startedAt }) => ({
      ...stream,
      ...{ id: `${stream.id}/${id}`, phase: /** @type {const} */ ('recording'), recordingUrl, downloadUrl },
      ...{ duration, startedAt, status: /** @type {const} */ ('completed'), recordings: [] },
      recordingSources: undefined, // the backup is one of the stream's own recording
    })),
  ]
}

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
