// Prints the bytes of every file browsers get from build/web, and holds the pages to their budgets.
//
//   node scripts/size.js [--json]     fails (1) when a page is over its budget
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = resolve(fileURLToPath(import.meta.url), '../..')
const out = join(root, 'build/web')

/** Everything a page ever loads (without what only some browsers or languages need), and what it loads before it shows. */
const kBudgets = [
  { name: 'page_golive_brotli_bytes', page: 'manage.html', parts: ['first', 'later'], budget: 90_000 },
  { name: 'page_memorial_brotli_bytes', page: 'memorial.html', parts: ['first'], budget: 40_000 },
  { name: 'page_memorial_all_brotli_bytes', page: 'memorial.html', parts: ['first', 'later'], budget: 110_000 },
]

/** @param {string} path */
async function measure(path) {
  const bytes = await readFile(join(out, path))
  const compressed = extname(path) === '.png' ? bytes : await readFile(join(out, `${path}.br`)) // a PNG is packed already
  return { path, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: compressed.length }
}

const entries = await readdir(out, { recursive: true, withFileTypes: true })
const files = entries
  .filter((entry) => entry.isFile() && extname(entry.name) !== '.br')
  .map((entry) => relative(out, join(entry.parentPath, entry.name)))
  .sort()
const sizes = await Promise.all(files.map(measure))
const pages = JSON.parse(await readFile(join(root, 'build/web-files.json'), 'utf8'))
const totals = kBudgets.map(({ name, page, parts, budget }) => {
  /** @type {string[]} */
  const paths = parts.flatMap((part) => pages[page][part]).filter((path) => !/\/(hls|player-language|es)\b/.test(path))
  const brotli = paths.reduce((sum, path) => sum + (sizes.find((size) => size.path === path)?.brotli ?? NaN), 0)
  return { name, page, files: paths.length, brotli, budget, within: brotli <= budget }
})

if (process.argv.includes('--json')) {
  for (const { name, page, brotli, budget } of totals) {
    console.log(JSON.stringify({ name, value: brotli, unit: 'bytes', how: `${page}, brotli 11, budget ${budget}` }))
  }
} else {
  const row = (/** @type {(string | number)[]} */ [path, ...numbers]) =>
    String(path).padEnd(36) + numbers.map((number) => String(number).padStart(10)).join('')
  console.log(row(['file', 'raw', 'gzip', 'brotli']))
  for (const { path, raw, gzip, brotli } of sizes) console.log(row([path, raw, gzip, brotli]))
  for (const { name, page, files, brotli, budget, within } of totals) {
    console.log(`\n${name}: ${brotli} of ${budget} (${page}, ${files} files) ${within ? 'ok' : 'OVER BUDGET'}`)
  }
}
process.exit(totals.every(({ within }) => within) ? 0 : 1)
