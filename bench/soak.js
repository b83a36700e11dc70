/**
 * `make soak`: publish, watch, stop, repeat for MINUTES (15); prints memory and file handles of each process after every
 * round and fails when they grow. The first two rounds warm the caches and do not count.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { launch, newPage, readVideo } from '../tests/harness/browser.js'
import { createStream, signIn, stopStreaming } from '../tests/harness/steps.js'
import { startVigil, until } from '../tests/harness/vigil.js'

const minutes = Number(process.env.MINUTES ?? 15)
const vigil = await startVigil()
const browser = await launch()
const { page, faults } = await newPage(browser, { camera: true })
const memorial = await signIn(page, vigil)
const deadline = Date.now() + minutes * 60_000

/** @type {ReturnType<typeof processes>[]} */
const rounds = []
while (Date.now() < deadline) {
  const goLive = await createStream(page, `Round ${rounds.length + 1}`)
  const viewers = [await newPage(browser), await newPage(browser, { webrtc: false })]
  for (const viewer of viewers) await viewer.page.goto(memorial)
  await goLive.click()
  await page.getByRole('button', { name: 'Start Streaming' }).click()
  for (const viewer of viewers) {
    const video = viewer.page.locator('memorial-player video')
    await until('a picture', async () => (await readVideo(video)).age < 15_000, 30_000).catch(tell)
  }
  await stopStreaming(page)
  await page
    .locator('stream-card')
    .filter({ hasText: `Round ${rounds.length + 1}` })
    .getByText('Recording available')
    .waitFor()
  for (const viewer of viewers) await viewer.context.close()
  rounds.push(processes(vigil.pid))
  console.log(JSON.stringify({ round: rounds.length, ...rounds.at(-1) }))
}
await browser.close()
const code = await vigil.stop()

const third = Math.max(1, Math.floor((rounds.length - 2) / 3))
let flat = code === 0 && faults.length === 0 && rounds.length >= 6
for (const name of Object.keys(rounds.at(-1) ?? {})) {
  for (const figure of /** @type {('megabytes' | 'handles')[]} */ (['megabytes', 'handles'])) {
    const mean = (/** @type {ReturnType<typeof processes>[]} */ part) =>
      part.reduce((sum, round) => sum + round[name][figure], 0) / part.length
    const [early, late] = [mean(rounds.slice(2, 2 + third)), mean(rounds.slice(-third))]
    const grown = late > early * 1.1 + (figure === 'handles' ? 4 : 12)
    if (grown) flat = false
    console.log(`${name}: ${figure} ${early.toFixed(1)} → ${late.toFixed(1)}${grown ? '  GROWS' : ''}`)
  }
}
console.log(`${rounds.length} rounds in ${minutes} minutes; exit code ${code}; page faults ${JSON.stringify(faults)}`)
process.exit(flat ? 0 : 1)

/**
 * @param {number} shim
 * @returns {Record<string, { megabytes: number, handles: number }>}  of the shim and of the media server
 */
function processes(shim) {
  const media = readdirSync('/proc').find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1] === String(shim)
    } catch {
      return false
    }
  })
  const look = (/** @type {number | string} */ pid) => ({
    megabytes: Math.round(Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1]) / 1024),
    handles: readdirSync(`/proc/${pid}/fd`).length,
  })
  return { shim: look(shim), media: look(media ?? shim) }
}

/** What there is to know when a viewer sees nothing. @param {Error} error */
async function tell(error) {
  for (const context of browser.contexts()) {
    for (const page of context.pages()) {
      const players = await page
        .locator('memorial-player')
        .evaluateAll((all) => all.map((one) => one.outerHTML.slice(0, 300)))
      console.error(page.url(), players.join('\n'))
      const video = page.locator('memorial-player video')
      if (await video.count()) console.error(JSON.stringify(await readVideo(video)))
    }
  }
  console.error(vigil.log().split('\n').slice(-60).join('\n'))
  await browser.close()
  await vigil.stop()
  throw error
}
