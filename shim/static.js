/** The pages and their assets, from the folder scripts/build-web.js fills. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { refuse } from './errors.js'

const types = /** @type {Record<string, string>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
})

// esbuild puts eight characters of the content's hash before the extension: such a file never changes.
const hashed = /-[A-Z0-9]{8}\.[a-z0-9.]+$/
const year = 365 * 24 * 3600

/** @typedef {{ plain: Buffer<ArrayBuffer>, brotli: Buffer<ArrayBuffer> | null, etag: string, mtimeMs: number }} File */

/**
 * @param {string} folder
 * @param {string} [style]  a stylesheet that every page loads last; '' = none
 */
export function staticFiles(folder, style = '') {
  /** @type {Map<string, File>} */
  const files = new Map()
  const styleName = `assets/brand-${hash(style)
    .replace(/[^0-9a-z]/gi, '')
    .slice(0, 8)
    .toUpperCase()}.css`
  if (style) files.set(styleName, made(Buffer.from(style)))

  /** @param {string} name  relative; already free of ".." @returns {Promise<File | null>} */
  async function load(name) {
    if (style && name === styleName) return files.get(name) ?? null
    const file = path.join(folder, name)
    const found = await stat(file).catch(() => null)
    if (!found?.isFile()) return null
    const known = files.get(name)
    if (known?.mtimeMs === found.mtimeMs) return known
    const [plain, brotli] = await Promise.all([readFile(file), readFile(`${file}.br`).catch(() => null)])
    const link = `<link rel="stylesheet" href="/${styleName}" /></head>`
    const loaded =
      style && name.endsWith('.html')
        ? made(Buffer.from(String(plain).replace('</head>', link)), found.mtimeMs)
        : { plain, brotli, etag: etagOf(plain), mtimeMs: found.mtimeMs }
    files.set(name, loaded)
    return loaded
  }

  /**
   * @param {import('hono').Context} c
   * @param {string} name
   * @param {200 | 404} [status]
   * @param {(text: string) => string} [change]  of this answer alone
   */
  async function serve(c, name, status = 200, change) {
    const kept = await load(name)
    if (!kept) return null
    const file = change ? made(Buffer.from(change(String(kept.plain))), 0, quick) : kept
    const headers = new Headers({
      'content-type': types[path.extname(name)] ?? 'application/octet-stream',
      'cache-control': hashed.test(name) ? `public, max-age=${year}, immutable` : 'no-cache',
      etag: file.etag,
      vary: 'accept-encoding',
    })
    const known = c.req
      .header('if-none-match')
      ?.split(',')
      .map((tag) => tag.trim().replace(/^W\//, ''))
    if (status === 200 && known?.includes(file.etag)) return new Response(null, { status: 304, headers })
    const brotli = file.brotli && accepts(c.req.header('accept-encoding'), 'br') ? file.brotli : null
    if (brotli) headers.set('content-encoding', 'br')
    const body = brotli ?? file.plain
    headers.set('content-length', String(body.length))
    return new Response(c.req.method === 'HEAD' ? null : body, { status, headers })
  }

  return {
    /**
     * @param {import('hono').Context} c
     * @param {string} name
     * @param {200 | 404} [status]
     * @param {(html: string) => string} [change]  of this answer alone
     */
    async page(c, name, status = 200, change) {
      const found = await serve(c, `${name}.html`, status, change)
      return found ?? refuse(c, 503, 'not-built', 'The pages of this site are not there yet. Run "make build" first.')
    },

    /** Any other file by its path. @param {import('hono').Context} c */
    async asset(c) {
      const name = safeName(c.req.path)
      const found = name && (await serve(c, name))
      return found || (await serve(c, 'not-found.html', 404)) || c.text('There is no such page.', 404)
    },
  }
}

/** @param {string | Buffer} bytes */
const hash = (bytes) => createHash('sha256').update(bytes).digest('base64url')

/** @param {Buffer} bytes */
const etagOf = (bytes) => `"${hash(bytes).slice(0, 22)}"`

/** Of brotli's 0 to 11: what an answer made for one reader is worth. */
const quick = 5

/** @param {Buffer<ArrayBuffer>} plain @param {number} [mtimeMs] @param {number} [quality] @returns {File} */
const made = (plain, mtimeMs = 0, quality = constants.BROTLI_MAX_QUALITY) => ({
  plain,
  brotli: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
  etag: etagOf(plain),
  mtimeMs,
})

/** What the policy must let in besides our stylesheet: styles in shadow roots. @param {string} folder @returns {string[]} */
export function styleHashes(folder) {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'style-hashes.json'), 'utf8'))
  } catch {
    return [] // the pages are not built; each says so itself
  }
}

/** @param {string | undefined} header @param {string} coding */
function accepts(header, coding) {
  return (header ?? '').split(',').some((part) => {
    const [name, ...parameters] = part.split(';').map((text) => text.trim())
    return name === coding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
}

/** A path below the folder, or null. The compressed twins and hidden files are not files of their own. */
function safeName(/** @type {string} */ url) {
  let name
  try {
    name = decodeURIComponent(url).replace(/^\/+/, '')
  } catch {
    return null
  }
  const bad = name.split('/').some((part) => part === '' || part.startsWith('.')) || /[\\\0]|\.br$|\.html$/.test(name)
  return bad ? null : name
}
