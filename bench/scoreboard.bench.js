/** The twenty checks of tests/browser/scoreboard.js: our client and its peers, in the same Chromium. */
import { checks } from '../tests/browser/scoreboard.js'
import { run } from '../tests/browser/subject.js'
import { launch } from '../tests/harness/browser.js'
import { clients } from './clients.js'

/** @param {import('./run.js').Report} report */
export async function bench(report) {
  const browser = await launch()
  try {
    for (const [name, subject] of Object.entries(clients)) {
      let passed = 0
      for (const [number, [what, check]] of checks.entries()) {
        const context = await browser.newContext()
        const failed = await run(context, subject, check).then(
          () => '',
          (/** @type {Error} */ error) => error.message.split('\n')[0].slice(0, 120),
        )
        console.error(`${failed ? '✗' : '✓'} ${name} ${number + 1} ${what}${failed && `: ${failed}`}`)
        if (!failed) passed++
        await context.close()
      }
      report(`scoreboard_${name}`, passed, 'checks of 20', 'tests/browser/scoreboard.js, real Chromium, real far end')
    }
  } finally {
    await browser.close()
  }
}
