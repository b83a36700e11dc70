/** What the pages weigh, as `make size` counts it. */
import { execFileSync } from 'node:child_process'

/** @param {import('./run.js').Report} report */
export async function bench(report) {
  const lines = execFileSync(process.execPath, ['scripts/size.js', '--json'], { encoding: 'utf8' }).trim().split('\n')
  for (const { name, value, unit, how } of lines.map((line) => JSON.parse(line))) report(name, value, unit, how)
}
