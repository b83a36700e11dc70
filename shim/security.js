/** Headers that tell a browser what our pages may do. */

/**
 * @param {object} options
 * @param {string} options.publicUrl  '' when unknown
 * @param {string[]} [options.mediaOrigins]  where media comes from, other than from us
 * @param {string[]} [options.styleHashes]  of the styles in our elements' shadow roots
 * @param {string} [options.frameAncestors]  who may show the page in a frame
 * @returns {Record<string, string>}
 */
export function securityHeaders({ publicUrl, mediaOrigins = [], styleHashes = [], frameAncestors = "'self'" }) {
  const media = mediaOrigins.map((origin) => ` ${origin}`).join('')
  const policy = {
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'style-src': ["'self'", ...styleHashes].join(' '),
    'img-src': `'self' data:${media}`,
    'media-src': `'self' blob: data:${media}`,
    'connect-src': `'self'${media}`,
    'frame-src': "'self'",
    'font-src': "'self'",
    'manifest-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': frameAncestors,
  }
  return {
    'content-security-policy': Object.entries(policy)
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
    'permissions-policy': 'camera=(self), microphone=(self), display-capture=(self)',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
  }
}
