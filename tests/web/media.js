// Real media for the player's tests: what the media server makes of a service whose phone was turned half-way.
import { execFile } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
export const kSegment = 2 // seconds

/**
 * Two runs of fMP4 segments (wide, then upright; H.264 and AAC) and an MP4 of the first, in `folder`.
 *
 * @param {string} folder
 */
export async function makeMedia(folder) {
  await mkdir(folder, { recursive: true })
  for (const [name, size, tone] of [
    ['wide', '640x360', 440],
    ['upright', '360x640', 660],
  ]) {
    // prettier-ignore
    await run('ffmpeg', [
      '-v', 'error', '-y',
      '-f', 'lavfi', '-i', `testsrc=size=${size}:rate=15:duration=8`,
      '-f', 'lavfi', '-i', `sine=frequency=${tone}:duration=8`,
      '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '30', '-c:a', 'aac', '-ac', '2',
      '-f', 'hls', '-hls_time', String(kSegment), '-hls_playlist_type', 'vod', '-hls_segment_type', 'fmp4',
      '-hls_fmp4_init_filename', `${name}-init.mp4`, '-hls_segment_filename', join(folder, `${name}-%d.m4s`),
      join(folder, `${name}.m3u8`),
    ], { cwd: folder })
  }
  await run('ffmpeg', ['-v', 'error', '-y', '-i', join(folder, 'wide.m3u8'), '-c', 'copy', join(folder, 'wide.mp4')])
  return (await readdir(folder)).filter((name) => name.endsWith('.m4s'))
}

/**
 * A playlist of both runs one after the other, as the media server writes them.
 *
 * @param {{from?: number, to?: number, ended: boolean}} window  segments 0 to 7; `ended`: a recording
 */
export function playlist({ from = 0, to = 8, ended }) {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${kSegment}`,
    `#EXT-X-MEDIA-SEQUENCE:${from}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${from > 4 ? 1 : 0}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
  ]
  for (let n = from; n < to; n++) {
    const name = n < 4 ? 'wide' : 'upright'
    if (n === 4 && n > from) lines.push('#EXT-X-DISCONTINUITY')
    if (n === from || n === 4) lines.push(`#EXT-X-MAP:URI="/media/${name}-init.mp4"`)
    lines.push(`#EXTINF:${kSegment.toFixed(3)},`, `/media/${name}-${n % 4}.m4s`)
  }
  if (ended) lines.push('#EXT-X-ENDLIST')
  return lines.join('\n') + '\n'
}
