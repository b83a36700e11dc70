/** What the pages weigh, as `make size` counts it. */
import { spawnSync } from 'node:child_process'

/** @param {import('./run.js').Report} report */
export async function bench(report) {
  // It ends with 1 when a page is over its budget; the figure says so too.
  const { stdout } = spawnSync(process.execPath, ['scripts/size.js', '--json'], { encoding: 'utf8' })
  const lines = stdout.trim().split('\n')
  for (const { name, value, unit, how } of lines.map((line) => JSON.parse(line))) report(name, value, unit, how)
}
