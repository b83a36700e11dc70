/**
 * Reading and writing one real offer of Chromium, natively, beside npm's sdp-transform reading the same text in the same
 * run. Each figure is the least over many short batches: whatever else the machine does can only add to it.
 */
import { execSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
// @ts-expect-error it ships no types
import sdpTransform from 'sdp-transform'

const fixture = 'tests/fixtures/sdp/chromium-156-offer-gathered.sdp'
const rounds = 3 // ours and theirs by turns, so that a busy moment does not fall on one of them only

/** @param {import('./run.js').Report} report */
export async function bench(report) {
  build()
  /** @type {Record<string, number>} */
  const least = { sdp_parse_us: Infinity, sdp_write_us: Infinity }
  let theirs = Infinity
  for (let round = 0; round < rounds; round++) {
    for (const { name, value } of runOurs()) least[name] = Math.min(least[name], value)
    theirs = Math.min(theirs, runTheirs())
  }
  const ours = `native, clang++ -O2, ${fixture}, least mean of 20 over ${rounds} x 2000 batches`
  report('sdp_parse_us', least.sdp_parse_us, 'us', ours)
  report('sdp_write_us', least.sdp_write_us, 'us', ours)
  report(
    'sdp_parse_ratio_sdp_transform',
    least.sdp_parse_us / theirs,
    'ratio',
    `ours / theirs (${theirs.toFixed(1)} us, warmed up, Node ${process.version}), the same text and run; below 1 is faster`,
  )
}

function build() {
  const quiet = '>/dev/null'
  execSync(`cmake --preset release ${quiet} && cmake --build --preset release --target sdp_bench ${quiet}`)
}

/** @returns {{ name: string, value: number }[]} */
function runOurs() {
  const text = execSync(`build/release/sdp_bench ${fixture} 2>/dev/null`, { encoding: 'utf8' })
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** Least mean time of one sdpTransform.parse, in microseconds. */
function runTheirs() {
  const text = readFileSync(fixture, 'utf8')
  let best = Infinity
  for (let batch = 0; batch < 400; batch++) {
    const start = performance.now()
    for (let i = 0; i < 20; i++) sdpTransform.parse(text)
    best = Math.min(best, ((performance.now() - start) * 1000) / 20)
  }
  return best
}
