/** Answers to requests that cannot be granted. */

/**
 * @param {import('hono').Context} c
 * @param {import('hono/utils/http-status').ContentfulStatusCode} status
 * @param {string} code  for programs
 * @param {string} what  a sentence for the person
 * @param {Record<string, string>} [headers]
 */
export const refuse = (c, status, code, what, headers) =>
  c.json({ success: false, error: { code, what } }, status, headers)
