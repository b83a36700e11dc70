/** Our client and its peers, each put into a page in the same way. */
import { build } from 'esbuild'
import { ours } from '../tests/browser/subject.js'

const bundle = build({
  entryPoints: [new URL('peers-page.js', import.meta.url).pathname],
  bundle: true,
  format: 'esm',
  write: false,
}).then(({ outputFiles }) => outputFiles[0].text)

/** @param {'whip-whep' | 'eyevinn'} name */
const peer = (name) => async (/** @type {import('playwright-core').Page} */ page) => {
  await page.route('**/peers.mjs', async (route) =>
    route.fulfill({ contentType: 'text/javascript', body: await bundle }),
  )
  await page.evaluate(async (name) => {
    const url = '/peers.mjs'
    const { peers } = /** @type {typeof import('./peers-page.js')} */ (await import(url))
    Object.assign(globalThis, { subject: peers[name]() })
  }, name)
}

/** By the names they have in figures. @type {Record<string, (page: import('playwright-core').Page) => Promise<void>>} */
export const clients = { ours, whip_whep: peer('whip-whep'), eyevinn: peer('eyevinn') }
