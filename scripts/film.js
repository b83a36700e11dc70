// A film strip of one service on the memorial page, from a real run: build/screenshots/film.png.
//
//   node scripts/film.js        (needs the modules and pages built)
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch, newPage } from '../tests/harness/browser.js'
import { createStream, signIn, stopStreaming } from '../tests/harness/steps.js'
import { startVigil } from '../tests/harness/vigil.js'

const folder = join(resolve(fileURLToPath(import.meta.url), '../..'), 'build/screenshots')
await mkdir(folder, { recursive: true })
const vigil = await startVigil()
const browser = await launch()
/** @type {{ title: string, bytes: Buffer }[]} */
const frames = []
try {
  let publisher = await newPage(browser, { camera: true })
  const memorial = await signIn(publisher.page, vigil)
  const goLive = await createStream(publisher.page, 'Funeral service')
  const guest = await newPage(browser, { phone: true })
  await guest.page.goto(memorial)
  const player = guest.page.locator('memorial-player')
  /** @param {string} title @param {string} state  a selector of the player */
  const take = async (title, state) => {
    await guest.page.locator(`memorial-player${state}`).waitFor({ timeout: 40_000 })
    frames.push({ title, bytes: await guest.page.screenshot() })
  }
  const start = () => publisher.page.getByRole('button', { name: 'Start Streaming' }).click()
  const moving = ':is([mode=whep], [mode=hls])[playing]:not([held])'

  await take('not begun', '[mode=waiting]')
  await goLive.click()
  await start()
  await take('live', moving)
  await player.getByRole('button', { name: 'mute' }).focus()
  await guest.page.keyboard.press('m')
  await take('without sound', `${moving}[muted]`)
  await player.getByRole('button', { name: 'Turn on sound' }).tap()
  const manage = publisher.page.url()
  const { cookies } = await publisher.context.storageState()
  await publisher.page.goto('chrome://crash').catch(() => {})
  await take('interrupted', '[mode=interrupted]')
  publisher = await newPage(browser, { camera: true })
  await publisher.context.addCookies(cookies)
  await publisher.page.goto(manage)
  await publisher.page.getByRole('button', { name: /^Go live/i }).click()
  await start()
  await take('live again', moving)
  await stopStreaming(publisher.page)
  await take('being prepared', '[mode=preparing]')
  await take('recording', '[mode=recording]')
  await player.getByRole('button', { name: 'Watch the recording' }).tap()
  await take('playing', '[mode=recording][started][playing]')

  const strip = await newPage(browser)
  const pictures = frames.map(
    ({ title, bytes }) =>
      `<figure><img src="data:image/png;base64,${bytes.toString('base64')}" width="260"><figcaption>${title}</figcaption></figure>`,
  )
  await strip.page.setViewportSize({ width: 276 * frames.length + 16, height: 640 })
  await strip.page.setContent(
    `<style>body { display: flex; gap: 16px; margin: 16px; font: 16px sans-serif } figure { margin: 0 } figcaption { padding: 8px 0; text-align: center }</style>${pictures.join('')}`,
  )
  await writeFile(join(folder, 'film.png'), await strip.page.screenshot())
} finally {
  await browser.close()
  await vigil.stop()
}
console.log(`${frames.length} pictures in build/screenshots/film.png`)
