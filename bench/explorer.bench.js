/** How many states of the WHIP session the explorer visits, each with its promises checked (tests/whip). */
import { execSync } from 'node:child_process'

/** @param {import('./run.js').Report} report */
export async function bench(report) {
  execSync('cmake --preset release >/dev/null && cmake --build --preset release --target explorer >/dev/null')
  const text = execSync('build/release/explorer', { encoding: 'utf8' })
  const [, states, violations] = text.match(/explored_states (\d+), steps \d+, violations (\d+)/) ?? []
  report('explored_states', Number(states), 'states', 'the session table under all orders of events')
  report('explored_violations', Number(violations), 'states', 'a promise broken in one of them')
}
