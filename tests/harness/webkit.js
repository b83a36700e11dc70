/**
 * Real WebKitGTK: its MiniBrowser on a screen of its own, driven by W3C WebDriver, of which a few commands are enough
 * (https://www.w3.org/TR/webdriver2/). Debian builds it without WebRTC.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { skipWithout } from './engines.js'
import { freeTcpPort, until } from './vigil.js'

const [miniBrowser] = globSync('/usr/lib/*/webkit2gtk-4.1/MiniBrowser')

/** What a test's `skip` is to be: false, or the reason. */
export function skipWithoutWebKit() {
  const there = miniBrowser && existsSync('/usr/bin/WebKitWebDriver') && existsSync('/usr/bin/Xvfb')
  return skipWithout('WebKitGTK', there ? '' : 'the Debian packages webkit2gtk-driver and xvfb are not installed')
}

export async function launchWebKit() {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [display] = await once(/** @type {import('node:stream').Readable} */ (screen.stdio[3]), 'data')
  const port = await freeTcpPort()
  const driver = spawn('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: `:${String(display).trim()}`,
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', // a container has no rights to make one
      LIBGL_ALWAYS_SOFTWARE: '1',
      NO_AT_BRIDGE: '1',
    },
  })

  /** @param {string} method @param {string} path @param {object} [body] */
  const command = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) })
    const { value } = /** @type {any} */ (await answer.json())
    if (value?.error) throw new Error(`${value.error}: ${value.message}`)
    return value
  }
  await until('WebKitWebDriver', () => command('GET', '/status').catch(() => null))
  const args = ['--automation', '--enable-media-stream=true', '--enable-mock-capture-devices=true']
  const { sessionId } = await command('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        'webkitgtk:browserOptions': {
          binary: miniBrowser,
          args: [...args, '--media-playback-requires-user-gesture=false'],
        },
      },
    },
  })
  const session = `/session/${sessionId}`

  return {
    /** @param {string} url */
    goto: (url) => command('POST', `${session}/url`, { url }),

    /** @param {{ name: string, value: string }} cookie  for the site that is open */
    addCookie: ({ name, value }) => command('POST', `${session}/cookie`, { cookie: { name, value, path: '/' } }),

    /**
     * What a function gives in the page.
     * @template {unknown[]} A @template R
     * @param {(...args: A) => R} work
     * @param {A} args
     * @returns {Promise<Awaited<R>>}
     */
    evaluate: (work, ...args) =>
      command('POST', `${session}/execute/sync`, { script: `return (${work})(...arguments)`, args }),

    /** @param {{ x: number, y: number }} at  in the window */
    click: ({ x, y }) =>
      command('POST', `${session}/actions`, {
        actions: [
          {
            type: 'pointer',
            id: 'mouse',
            actions: [
              { type: 'pointerMove', x, y },
              { type: 'pointerDown', button: 0 },
              { type: 'pointerUp', button: 0 },
            ],
          },
        ],
      }),

    async close() {
      await command('DELETE', session).catch(() => {})
      for (const child of [driver, screen]) {
        child.kill()
        await once(child, 'exit')
      }
    },
  }
}
