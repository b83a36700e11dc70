/**
 * HLS playlists (RFC 8216). A broadcast is a list of runs; each run is one ffmpeg, which keeps a playlist of its own.
 * Here those are read and joined into the one that viewers load, with EXT-X-DISCONTINUITY and a fresh EXT-X-MAP where a
 * run begins.
 */

/**
 * @typedef {object} Segment
 * @property {string} name file name inside the run's folder
 * @property {number} duration seconds
 * @property {string} programDate ISO 8601, '' when not told
 */

/**
 * @typedef {object} RunSegments
 * @property {string} name folder of the run, 'r0'
 * @property {Segment[]} segments complete ones, in order
 */

export const runName = /^r\d{1,6}$/
export const segmentName = /^(?:init\.mp4|s\d{5,9}\.m4s)$/

/** Segments in the live window. A viewer who stalls for less than the window goes on where they were. */
const liveWindow = 10

/**
 * The segments a run's own playlist names. Anything it should not hold (a path, a duration that is none) is left out:
 * what is written here ends in what viewers load.
 * @param {string} text
 * @returns {Segment[]}
 */
export function parseRun(text) {
  /** @type {Segment[]} */
  const segments = []
  let duration = NaN
  let programDate = ''
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#EXTINF:')) duration = parseFloat(line.slice(8))
    else if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) programDate = line.slice(25)
    else if (line && !line.startsWith('#')) {
      if (duration > 0 && segmentName.test(line)) segments.push({ name: line, duration, programDate })
      duration = NaN
      programDate = ''
    }
  }
  return segments
}

/**
 * The whole broadcast as viewers load it; '' while there is no segment.
 * @param {RunSegments[]} runs
 * @param {object} options
 * @param {'live' | 'ending' | 'recording'} options.phase a live window; the same, closed; or everything, closed. The
 *   step between keeps EXT-X-MEDIA-SEQUENCE from going back under a player that is still reloading.
 * @param {number} options.segmentSeconds the least EXT-X-TARGETDURATION
 * @param {string} [options.prefix] before each URI
 */
export function compose(runs, { phase, segmentSeconds, prefix = '' }) {
  let target = segmentSeconds
  /** @type {{ run: string, first: boolean, segment: Segment }[]} */
  const items = []
  for (const { name, segments } of runs) {
    segments.forEach((segment, i) => {
      items.push({ run: name, first: i === 0 && items.length > 0, segment })
      target = Math.max(target, Math.round(segment.duration))
    })
  }
  if (!items.length) return ''
  const dropped = phase === 'recording' ? 0 : Math.max(0, items.length - liveWindow)
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${target}`, `#EXT-X-MEDIA-SEQUENCE:${dropped}`]
  // A discontinuity counts as gone only once the segment that carries its tag has left the window (RFC 8216 §6.2.2).
  const discontinuities = items.slice(0, dropped).filter((item) => item.first).length
  if (discontinuities) lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuities}`)
  lines.push('#EXT-X-INDEPENDENT-SEGMENTS')
  if (phase === 'recording') lines.push('#EXT-X-PLAYLIST-TYPE:VOD')
  let mapped = ''
  for (const { run, first, segment } of items.slice(dropped)) {
    if (first) lines.push('#EXT-X-DISCONTINUITY')
    if (run !== mapped) lines.push(`#EXT-X-MAP:URI="${prefix}${run}/init.mp4"`)
    mapped = run
    if (segment.programDate) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${segment.programDate}`)
    lines.push(`#EXTINF:${segment.duration.toFixed(6)},`, `${prefix}${run}/${segment.name}`)
  }
  if (phase !== 'live') lines.push('#EXT-X-ENDLIST')
  return lines.join('\n') + '\n'
}

/**
 * A composed playlist as it must be to be loaded from elsewhere.
 * @param {string} text composed without a prefix
 * @param {string} prefix before each URI
 */
export const prefixed = (text, prefix) => text.replace(/^(?=[^#\r\n])|(?<=^#EXT-X-MAP:URI=")/gm, () => prefix)

/**
 * One finished run as ffmpeg reads it back.
 * @param {Segment[]} segments
 */
export function composeRun(segments) {
  const target = Math.ceil(Math.max(1, ...segments.map((segment) => segment.duration)))
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${target}`, '#EXT-X-PLAYLIST-TYPE:VOD']
  lines.push('#EXT-X-MAP:URI="init.mp4"')
  for (const { name, duration } of segments) lines.push(`#EXTINF:${duration.toFixed(6)},`, name)
  return lines.join('\n') + '\n#EXT-X-ENDLIST\n'
}

/** @param {RunSegments[]} runs seconds */
export function durationOf(runs) {
  let seconds = 0
  for (const { segments } of runs) for (const { duration } of segments) seconds += duration
  return seconds
}
