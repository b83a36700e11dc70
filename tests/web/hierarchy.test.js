// The whole of the pages, walked by role and name, as people do who hear them. Each name is the one they are told.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aStream } from './fake-server.js'
import { button, fake, goto, opened, page } from './suite.js'

/**
 * What must be found: a role, a name (text or pattern), and what must be found within it.
 *
 * @typedef {[role: Parameters<import('playwright-core').Page['getByRole']>[0], name: string | RegExp, within?: Node[]]} Node
 */

/** What a keyboard must reach. */
const kControls = ['button', 'link', 'textbox', 'radio', 'checkbox']

/**
 * Finds each of them once, in sight, and each control reachable by the keyboard.
 *
 * @param {import('playwright-core').Locator} place
 * @param {Node[]} nodes
 * @param {string} [path]
 */
async function walk(place, nodes, path = '') {
  for (const [role, name, within = []] of nodes) {
    /** @type {string} */
    const here = `${path} › ${role} ${name}`
    const found = place.getByRole(role, name === '' ? {} : { name, exact: true }).filter({ visible: true })
    await found
      .first()
      .waitFor({ timeout: 5000 })
      .catch(() => assert.fail(`not there: ${here}`))
    assert.equal(await found.count(), 1, here)
    if (kControls.includes(role) && (await found.isEnabled())) {
      const reached = await found.evaluate((one) => {
        const element = /** @type {HTMLElement} */ (one)
        const before = /** @type {HTMLElement} */ (document.activeElement)
        element.focus()
        const ok = document.activeElement === element && element.tabIndex >= 0
        before.focus()
        return ok
      })
      assert.ok(reached, `the keyboard does not reach ${here}`)
    }
    await walk(found, within, here)
  }
}
const body = () => page.locator('body')

test('StreamManagementPage, with no stream yet, and StreamCreationModal', async () => {
  await goto('/memorials/memorial-1/manage')
  await walk(body(), [
    ['link', 'Go to the content'],
    [
      'banner',
      '',
      [
        ['link', 'Vigil'],
        ['link', 'Your memorials'],
      ],
    ],
    [
      'main',
      '',
      [
        ['heading', 'Edith Marlow'],
        ['heading', 'Streams'],
        ['button', 'Create Stream'],
        ['heading', 'There is no stream yet'],
        ['textbox', 'Address of the memorial page'],
        ['button', 'Copy: Address of the memorial page'],
        ['link', 'Open the memorial page'],
      ],
    ],
  ])

  await button('Create Stream').click()
  await walk(body(), [
    [
      'dialog',
      'Create a stream',
      [
        [
          'group',
          'How will you film?',
          [
            ['radio', /^OBS Studio \(RTMP\)/],
            ['radio', /^Browser Streaming \(WHIP\)/],
          ],
        ],
        ['textbox', 'Title'],
        ['checkbox', /^Enable Mux Backup Recording/],
        ['button', 'Create Stream'],
        ['button', 'Cancel'],
      ],
    ],
  ])
  opened.clean()
})

test('StreamCard for OBS Studio: RTMPCredentialsDisplay', async () => {
  fake.world.streams = [
    aStream({ title: 'Chapel', streamingMethod: 'obs', rtmpUrl: 'rtmp://h/live', streamKey: 'a-secret-key' }),
  ]
  await goto('/memorials/memorial-1/manage')
  await walk(body(), [
    [
      'article',
      'Chapel',
      [
        ['heading', 'Chapel'],
        ['status', ''],
        ['list', 'Where it is recorded'],
        ['button', 'Show the stream key'],
        ['button', 'Change Chapel'],
      ],
    ],
  ])
  await button('Show the stream key').click()
  await page.getByText('How to set up OBS Studio').click()
  await walk(page.getByRole('article', { name: 'Chapel' }), [
    ['button', 'Hide the stream key'],
    ['textbox', 'RTMP URL'],
    ['button', 'Copy: RTMP URL'],
    ['textbox', 'Stream key'],
    ['button', 'Copy: Stream key'],
  ])
  const steps = page.locator('obs-setup').getByRole('listitem')
  assert.equal(await steps.count(), 5)
  // Each step is said once: its picture is for the eyes.
  assert.doesNotMatch(await page.locator('obs-setup').ariaSnapshot(), /Keyframe Interval/)
  opened.clean()
})

test('StreamCard for the browser: WHIPStreamingControls, in each state', async () => {
  const startedAt = new Date(Date.now() - 65_000).toISOString()
  const recordingSources = { cloudflare: { available: false }, mux: { available: false } }
  fake.world.streams = [aStream({ recordingSources, startedAt, recordingUrl: '/r.mp4', downloadUrl: '/r.mp4' })]
  await goto('/memorials/memorial-1/manage')
  const card = page.getByRole('article', { name: 'Funeral service' })
  const badges = card.getByRole('list', { name: 'Where it is recorded' }).getByRole('listitem')
  await badges.first().waitFor()
  assert.deepEqual(await badges.allTextContents(), ['Cloudflare Recording', 'Mux Backup'])

  /** @type {[import('../../web/types.js').Phase, 'ready' | 'live' | 'completed', string, Node[]][]} */
  const rows = [
    ['waiting', 'ready', 'Ready to stream', [['button', 'Go Live']]],
    [
      'live',
      'live',
      'LIVE',
      [
        ['timer', 'Time on air'],
        ['button', 'Go live again'],
        ['link', 'Watch Funeral service'],
      ],
    ],
    ['interrupted', 'live', 'Interrupted', [['button', 'Check again for Funeral service']]],
    [
      'preparing',
      'completed',
      'Preparing the recording',
      [
        ['progressbar', 'Preparing the recording'],
        ['button', 'Check again for Funeral service'],
      ],
    ],
    [
      'recording',
      'completed',
      'Recording available',
      [
        ['link', 'Watch Funeral service'],
        ['link', 'Download the recording of Funeral service'],
      ],
    ],
    ['none', 'completed', 'Ended without a recording', [['button', 'Check again for Funeral service']]],
  ]
  for (const [phase, status, words, nodes] of rows) {
    Object.assign(fake.world.streams[0], { phase, status })
    fake.changed()
    await card
      .getByRole('status')
      .filter({ hasText: `Funeral service: ${words}` })
      .waitFor()
    await walk(card, nodes, phase)
    if (phase === 'live') assert.match(String(await card.getByRole('timer').textContent()), /^1:0\d$/)
  }
  opened.clean()
})

test('BrowserStreamer: idle, connecting, streaming, stopping, failed', async () => {
  fake.world.streams = [aStream({ whipUrl: '/media/whip' })]
  await goto('/memorials/memorial-1/manage')
  await page.waitForFunction(() => window.fakeClient)
  await page.evaluate(() => void (window.fakeClient.scripted = false))
  await button('Go Live').click()
  await page.waitForFunction(() => window.fakeClient.publishers.length)
  const overlay = page.getByRole('dialog', { name: 'Go live: Funeral service' })
  const emit = (/** @type {string} */ phase, more = {}) =>
    page.evaluate(
      ([phase, more]) => window.fakeClient.publishers.at(-1).emit({ phase, ...more }),
      /** @type {const} */ ([phase, more]),
    )
  /** @type {[string, object, Node[]][]} */
  const rows = [
    [
      'Ready',
      {},
      [
        ['button', 'Start Streaming'],
        ['button', 'Close'],
      ],
    ],
    ['Connecting', {}, [['button', 'Connecting…']]],
    [
      'Live',
      {},
      [
        ['timer', 'Time on air'],
        ['button', 'Stop Streaming'],
      ],
    ],
    [
      'Failed',
      { sentence: 'The camera is used by another app.' },
      [
        ['alert', ''],
        ['button', 'Try Again'],
      ],
    ],
  ]
  for (const [phase, more, nodes] of rows) {
    await emit(phase, more)
    await walk(overlay, nodes, phase)
    if (phase !== 'Live') continue
    await button('Stop Streaming').click()
    await walk(overlay, [
      [
        'group',
        'End the stream for everyone?',
        [
          ['button', 'Keep streaming'],
          ['button', 'Yes, stop'],
        ],
      ],
    ])
    await button('Keep streaming').click()
  }
})

test('the memorial page', async () => {
  fake.world.streams = [aStream({}), aStream({ id: 'b', title: 'Graveside', phase: 'recording', status: 'completed' })]
  await goto('/memorials/memorial-1')
  await walk(body(), [
    ['link', 'Go to the content'],
    [
      'main',
      '',
      [
        ['heading', 'Edith Marlow'],
        ['heading', 'Funeral service'],
        ['heading', 'Other services'],
        ['link', /^Graveside/],
      ],
    ],
  ])
  opened.clean()
})

test('the start page', async () => {
  await goto('/')
  await walk(body(), [
    [
      'banner',
      '',
      [
        ['link', 'Vigil'],
        ['button', 'Sign out'],
      ],
    ],
    [
      'main',
      '',
      [
        ['heading', 'Your memorials'],
        ['link', 'Manage streams of Edith Marlow'],
        ['link', 'Memorial page of Edith Marlow'],
        [
          'form',
          'Add a memorial',
          [
            ['textbox', 'Name of the person'],
            ['button', 'Add Memorial'],
          ],
        ],
      ],
    ],
  ])
  opened.clean()
})

test('pages for 401, 403, 404 and no network each say what is, and offer a way on', async () => {
  /** @type {[string, () => void, string, string][]} */
  const rows = [
    ['/memorials/memorial-1/manage', () => (fake.world.user = null), 'Please sign in first', 'Sign in'],
    [
      '/memorials/memorial-1/manage',
      () => (fake.world.memorials[0].canManage = false),
      'This memorial belongs to someone else',
      'Open the memorial page',
    ],
    ['/memorials/nobody/manage', () => {}, 'We could not find this memorial', 'Go to the start page'],
    ['/memorials/nobody', () => {}, 'We could not find this memorial', 'Go to the start page'],
    ['/nowhere', () => {}, 'We could not find this page', 'Go to the start page'],
    ['/offline', () => {}, 'There is no connection', 'Try Again'],
  ]
  for (const [path, prepare, heading, way] of rows) {
    Object.assign(fake.world, { user: { uid: 'u', name: 'Ada', role: 'admin' } })
    fake.world.memorials[0].canManage = true
    prepare()
    await goto(path)
    await walk(
      body(),
      [
        [
          'main',
          '',
          [
            ['heading', heading],
            ['link', way],
          ],
        ],
      ],
      path,
    )
  }
})
