/**
 * Runs the suites one after the other and closes with one line, `N passed, N failed`, over all of them.
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

/** @type {Record<string, () => Promise<{ passed: number, failed: number, skipped: number }>>} */
const suites = {
  native: () => doctest('cmake --preset native && cmake --build --preset native', 'build/native/core_tests'),
  explorer: () =>
    doctest('cmake --preset native && cmake --build --preset native --target explorer', 'build/native/explorer'),
  fuzz: async () => {
    const { output } = await shell('scripts/fuzz.sh 5')
    const count = (/** @type {string} */ mark) => output.split('\n').filter((line) => line.startsWith(mark)).length
    return { passed: count('✔'), failed: Math.max(count('✖'), count('✔') ? 0 : 1), skipped: 0 }
  },
  wasm: () =>
    doctest(
      `${emscripten}; cmake --preset wasm && cmake --build --preset wasm && node scripts/build-web.js`,
      'node build/wasm/core_tests.cjs',
    ),
  lint: async () => {
    const total = { passed: 0, failed: 0, skipped: 0 }
    for (const [name, line] of Object.entries(checks)) {
      const { code, seconds } = await shell(line)
      console.log(`${code === 0 ? '✔' : '✖'} ${name} (${seconds.toFixed(1)} s)`)
      total[code === 0 ? 'passed' : 'failed']++
    }
    return total
  },
  sdp: () => nodeTests('tests/sdp/*.test.js'),
  rtp: () => nodeTests('tests/rtp/*.test.js'),
  media: () => nodeTests('tests/media/*.test.js'),
  shim: () => nodeTests('tests/shim/*.test.js'),
  build: () => nodeTests('tests/build/*.test.js'),
  browser: () => nodeTests('tests/browser/*.test.js'),
  web: () => nodeTests('tests/web/*.test.js'),
  e2e: () => nodeTests('tests/e2e/*.test.js'),
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in suites))
if (unknown.length) {
  console.error(`There is no suite ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}`)
  process.exit(64)
}

/** @type {{ name: string, passed: number, failed: number, skipped: number, seconds: number }[]} */
const rows = []
for (const name of asked.length ? asked : Object.keys(suites)) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 100 - name.length))}`)
  const started = Date.now()
  const result = await suites[name]()
  rows.push({ name, ...result, seconds: (Date.now() - started) / 1000 })
}

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
 * @param {string} build
 * @param {string} run
 */
async function doctest(build, run) {
  if ((await shell(build)).code !== 0) return { passed: 0, failed: 1, skipped: 0 }
  const { code, output } = await shell(run)
  const found = output.match(/test cases:\s+\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed\s*\|\s*(\d+) skipped/)
  if (!found) return { passed: 0, failed: 1, skipped: 0 }
  const [passed, failed, skipped] = found.slice(1).map(Number)
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped }
}

/**
 * Runs files of node:test one after the other (they own ports, browsers and both cores).
 * @param {string} pattern
 */
async function nodeTests(pattern) {
  const files = globSync(pattern).sort()
  if (!files.length) return { passed: 0, failed: 1, skipped: 0 }
  const { code, output } = await shell(
    `node --disable-warning=ExperimentalWarning --test --test-concurrency=1 --test-timeout=600000 --test-reporter=spec ${files.join(' ')}`,
  )
  const count = (/** @type {string} */ word) =>
    Number(output.match(new RegExp(`^\\S* ?${word} (\\d+)$`, 'm'))?.[1] ?? NaN)
  const [passed, failed, cancelled, skipped] = ['pass', 'fail', 'cancelled', 'skipped'].map(count)
  if (Number.isNaN(passed + failed + cancelled + skipped)) return { passed: 0, failed: 1, skipped: 0 }
  const leaked = secretsIn(output)
  if (leaked.length) console.log(`✖ what this suite printed holds ${leaked.join(', ')}`)
  const bad = failed + cancelled + (leaked.length ? 1 : 0)
  return { passed, failed: code !== 0 && bad === 0 ? 1 : bad, skipped }
}

/**
 * Runs a line of bash, shows what it prints, and gives back its exit code and its text without colours.
 * @param {string} line
 * @returns {Promise<{ code: number, output: string, seconds: number }>}
 */
function shell(line) {
  const started = Date.now()
  const child = spawn('bash', ['-eu', '-o', 'pipefail', '-c', line], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text)
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
