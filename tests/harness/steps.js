/** What a person does on the pages, by the names they see. */

/**
 * Follows the one-time link to the first memorial's management page.
 * @param {import('playwright-core').Page} page
 * @param {import('./vigil.js').Vigil} vigil
 * @returns {Promise<string>}  the address of its memorial page
 */
export async function signIn(page, vigil) {
  await page.goto(vigil.signInLink)
  await page.getByRole('link', { name: 'A memorial service' }).first().click()
  await page.waitForURL(/\/memorials\/[^/]+\/manage/)
  return page.url().replace(/\/manage.*/, '')
}

/**
 * Makes a stream for the browser method.
 * @param {import('playwright-core').Page} page
 * @param {string} title
 * @param {{ backup?: boolean }} [options]
 * @returns {Promise<import('playwright-core').Locator>}  its Go Live button
 */
export async function createStream(page, title, { backup = false } = {}) {
  await page.getByRole('button', { name: 'Create Stream' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create a stream' })
  await dialog.getByRole('radio', { name: 'Browser Streaming (WHIP)' }).check()
  if (backup) await dialog.getByRole('checkbox', { name: 'Enable Mux Backup Recording' }).check()
  await dialog.getByRole('textbox', { name: 'Title' }).fill(title)
  await dialog.getByRole('button', { name: 'Create Stream' }).click()
  const card = page.locator('stream-card').filter({ hasText: title })
  await card.getByText('Ready to stream').waitFor()
  return card.getByRole('button', { name: 'Go Live' })
}

/**
 * Ends the stream, says so once more when asked, and leaves the camera page.
 * @param {import('playwright-core').Page} page
 */
export async function stopStreaming(page) {
  await page.getByRole('button', { name: 'Stop Streaming' }).click()
  await page.getByRole('button', { name: 'Yes, stop' }).click()
  await page.getByRole('button', { name: 'Done' }).click()
}
