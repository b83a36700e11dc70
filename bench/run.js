/**
 * `make bench`: measures, prints one JSON line per figure and keeps them in build/bench.jsonl.
 * Each file in bench/ that ends in .bench.js exports `bench(report)`.
 */
import { appendFileSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'

const out = 'build/bench.jsonl'
mkdirSync('build', { recursive: true })
const asked = process.argv.slice(2)
if (!asked.length) writeFileSync(out, '')

/**
 * @typedef {(name: string, value: number, unit: string, how: string) => void} Report
 * @type {Report}
 */
const report = (name, value, unit, how) => {
  const line = JSON.stringify({ name, value: Number(value.toPrecision(4)), unit, how })
  console.log(line)
  appendFileSync(out, `${line}\n`)
}

for (const file of globSync('bench/*.bench.js').sort()) {
  if (asked.length && !asked.includes(basename(file, '.bench.js'))) continue
  console.error(`── ${basename(file, '.bench.js')}`)
  const { bench } = await import(resolve(file))
  await bench(report)
}
process.exit(0)
