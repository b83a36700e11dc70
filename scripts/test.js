/**
 * Runs the suites and closes with one line, `N passed, N failed`, over all of them.
 *
 *   node scripts/test.js            every suite
 *   node scripts/test.js lint e2e   those named
 *
 * A suite that ends without telling its figures counts as one failure; nothing is ever silently left out.
 */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { secretsIn } from '../tests/harness/secrets.js'

const emscripten = 'source "$(scripts/setup-emscripten.sh)"'

/** Each is a shell line; it counts as one test that passes when the line ends with 0. */
const checks = {
  'clang-format':
    "clang-format --dry-run -Werror $(git ls-files 'wasm/*.?pp' 'tests/*.?pp' 'bench/*.?pp' 'fuzz/*.?pp')",
  'clang-tidy': 'scripts/tidy.sh',
  prettier: 'prettier --check --log-level warn .',
  eslint: 'eslint --max-warnings 0 .',
  tsc: 'tsc --project .',
  shellcheck: "shellcheck $(git ls-files '*.sh') .ci/run",
}

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Result
 * @typedef {{ print: (text: string) => void, nice: boolean }} Io  where a suite's output goes, and whether it may wait
 * @type {Record<string, (io: Io) => Promise<Result>>}
 */
const suites = {
  // First: the others load what it builds.
  wasm: (io) =>
    doctest(
      io,
      `${emscripten}; cmake --preset wasm && cmake --build --preset wasm && node scripts/build-web.js`,
      'node build/wasm/core_tests.cjs',
    ),

  native: (io) => doctest(io, 'cmake --preset native && cmake --build --preset native', 'build/native/core_tests'),
  explorer: (io) =>
    doctest(io, 'cmake --preset native && cmake --build --preset native --target explorer', 'build/native/explorer'),
  fuzz: async (io) => {
    const { output } = await shell(io, 'scripts/fuzz.sh 5 1')
    const count = (/** @type {string} */ mark) => output.split('\n').filter((line) => line.startsWith(mark)).length
    return { passed: count('✔'), failed: Math.max(count('✖'), count('✔') ? 0 : 1), skipped: 0 }
  },
  lint: async (io) => {
    const total = { passed: 0, failed: 0, skipped: 0 }
    for (const [name, line] of Object.entries(checks)) {
      const { code, seconds } = await shell(io, line)
      io.print(`${code === 0 ? '✔' : '✖'} ${name} (${seconds.toFixed(1)} s)\n`)
      total[code === 0 ? 'passed' : 'failed']++
    }
    return total
  },
  build: (io) => nodeTests(io, 'tests/build/*.test.js'),

  sdp: (io) => nodeTests(io, 'tests/sdp/*.test.js'),
  rtp: (io) => nodeTests(io, 'tests/rtp/*.test.js'),
  media: (io) => nodeTests(io, 'tests/media/*.test.js'),
  shim: (io) => nodeTests(io, 'tests/shim/*.test.js'),
  browser: (io) => nodeTests(io, 'tests/browser/*.test.js'),
  web: (io) => nodeTests(io, 'tests/web/*.test.js', 2), // pages mostly wait, and own no ports
  e2e: (io) => nodeTests(io, 'tests/e2e/*.test.js'),
}

/** What only computes goes on behind what mostly waits, at the lowest priority. */
const behind = ['native', 'explorer', 'fuzz', 'lint', 'build']

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in suites))
if (unknown.length) {
  console.error(`There is no suite ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}`)
  process.exit(64)
}

/** @type {(Result & { name: string, seconds: number })[]} */
const rows = []

/** Runs one; what goes on behind shows its output when it is done. @param {string} name */
async function runSuite(name) {
  const title = `\n── ${name} ${'─'.repeat(Math.max(0, 100 - name.length))}\n`
  const nice = behind.includes(name) && wanted.some((other) => !behind.includes(other))
  let kept = title
  const print = (/** @type {string} */ text) => void (nice ? (kept += text) : process.stdout.write(text))
  if (!nice) print(title)
  const started = Date.now()
  const result = await suites[name]({ print, nice })
  rows.push({ name, ...result, seconds: (Date.now() - started) / 1000 })
  if (nice) process.stdout.write(kept)
}

const wanted = asked.length ? asked : Object.keys(suites)
const lanes = [wanted.filter((name) => behind.includes(name)), wanted.filter((name) => !behind.includes(name))]
if (lanes[1][0] === 'wasm') await runSuite(/** @type {string} */ (lanes[1].shift()))
await Promise.all(
  lanes.map(async (lane) => {
    for (const name of lane) await runSuite(name)
  }),
)
rows.sort((a, b) => wanted.indexOf(a.name) - wanted.indexOf(b.name))

const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) => rows.reduce((total, row) => total + row[key], 0)
console.log(`\n${'suite'.padEnd(10)} passed  failed  skipped  seconds`)
for (const row of rows) {
  const cells = [row.passed, row.failed, row.skipped].map((n, i) => String(n).padStart([6, 8, 9][i])).join('')
  console.log(`${row.name.padEnd(10)} ${cells}${row.seconds.toFixed(1).padStart(9)}`)
}
const skipped = sum('skipped')
if (skipped) console.log(`\n${skipped} skipped; each says above what it is waiting for`)
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`)
process.exit(sum('failed') ? 1 : 0)

/**
 * Builds, then runs the doctest program and reads its closing line.
 * @param {Io} io
 * @param {string} build
 * @param {string} run
 */
async function doctest(io, build, run) {
  if ((await shell(io, build)).code !== 0) return { passed: 0, failed: 1, skipped: 0 }
  const { code, output } = await shell(io, run)
  const found = output.match(/test cases:\s+\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed\s*\|\s*(\d+) skipped/)
  if (!found) return { passed: 0, failed: 1, skipped: 0 }
  const [passed, failed, skipped] = found.slice(1).map(Number)
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped }
}

/**
 * Runs files of node:test, one after the other by default (they own ports, browsers and both cores).
 * @param {Io} io
 * @param {string} pattern
 * @param {number} [atOnce]
 */
async function nodeTests(io, pattern, atOnce = 1) {
  const files = globSync(pattern).sort()
  if (!files.length) return { passed: 0, failed: 1, skipped: 0 }
  const { code, output } = await shell(
    io,
    `node --disable-warning=ExperimentalWarning --test --test-concurrency=${atOnce} --test-timeout=600000 --test-reporter=spec ${files.join(' ')}`,
  )
  const count = (/** @type {string} */ word) =>
    Number(output.match(new RegExp(`^\\S* ?${word} (\\d+)$`, 'm'))?.[1] ?? NaN)
  const [passed, failed, cancelled, skipped] = ['pass', 'fail', 'cancelled', 'skipped'].map(count)
  if (Number.isNaN(passed + failed + cancelled + skipped)) return { passed: 0, failed: 1, skipped: 0 }
  const leaked = secretsIn(output)
  if (leaked.length) io.print(`✖ what this suite printed holds ${leaked.join(', ')}\n`)
  const bad = failed + cancelled + (leaked.length ? 1 : 0)
  return { passed, failed: code !== 0 && bad === 0 ? 1 : bad, skipped }
}

/**
 * Runs a line of bash, shows what it prints, and gives back its exit code and its text without colours.
 * @param {Io} io
 * @param {string} line
 * @returns {Promise<{ code: number, output: string, seconds: number }>}
 */
function shell({ print, nice }, line) {
  const started = Date.now()
  const command = [...(nice ? ['nice', '-n', '19'] : []), 'bash', '-eu', '-o', 'pipefail', '-c', line]
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      print(text)
      output += text
    })
  }
  return new Promise((resolve) => {
    child.on('close', (code) => {
      // eslint-disable-next-line no-control-regex
      const plain = output.replace(/\u001b\[[0-9;]*m/g, '')
      resolve({ code: code ?? 1, output: plain, seconds: (Date.now() - started) / 1000 })
    })
  })
}
