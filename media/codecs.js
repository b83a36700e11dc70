/** What ffmpeg is told about a publisher's media: how to read it, and what becomes of picture and sound. */

/** @typedef {import('./packager.js').Start} Start */

/** @param {Start} start */
export const inputOf = ({ container }) =>
  container === 'matroska'
    ? ['-analyzeduration', '0', '-probesize', '32768', '-f', 'matroska', '-i', 'pipe:0']
    : ['-analyzeduration', '1000000', '-probesize', '500000', '-f', 'flv', '-i', 'pipe:0']

/**
 * H.264 is copied. VP8 must be encoded: its rate is unknown in Matroska, so that ffmpeg guesses 1000 frames a second.
 * @param {Start} start
 * @param {number} seconds between key frames
 * @param {string[]} [copying] more for a copy
 */
export function videoOf({ videoCodec }, seconds, copying = []) {
  const picture = ['-map', '0:v:0']
  if (videoCodec === 'H264') return [...picture, '-c:v', 'copy', ...copying]
  if (videoCodec !== 'VP8') return []
  const keyframes = ['-force_key_frames', `expr:gte(t,n_forced*${seconds})`]
  return [...picture, ...x264(30 * seconds), '-vf', 'fps=30', ...keyframes]
}

/**
 * Sound that was lost or came late is filled and stretched, so that it stays with the picture. No first_pts=0: whenever
 * the encoder changes its ways ffmpeg builds the filter anew, which would then fill everything since the beginning again.
 * @param {Start} start
 */
export function audioOf({ audioCodec }) {
  const sound = ['-map', '0:a:0']
  if (audioCodec === 'AAC') return [...sound, '-c:a', 'copy']
  return audioCodec === 'OPUS' ? [...sound, ...aac, '-af', 'aresample=async=1000'] : []
}

export const aac = ['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-ar', '48000']

/** @param {number} gop frames between key frames */
const x264 = (gop) => [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', String(gop)],
  ...['-b:v', '2M', '-maxrate', '2.5M', '-bufsize', '4M'],
]
