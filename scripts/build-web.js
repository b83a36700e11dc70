// Builds the pages into build/web: what browsers load, bundled, named by content, compressed once and for all.
//
//   node scripts/build-web.js        (needs build/dist/{publisher,player}.{mjs,wasm})
//
//   build/web/*.html                 pages; words from web/words/en.js are already in them
//   build/web/service-worker.js      shows the offline page; site.webmanifest: how it is installed
//   build/web/assets/*-HASH.*        never change under a name: may be cached for ever
//   build/web/embed.js               the player for pages elsewhere; its name stays, its content is one import
//   build/web/style-hashes.json      what the policy must let in: styles inside shadow roots
//   build/web/**/*.br                beside each text and wasm file, brotli quality 11
//   build/web-files.json             which files each page loads at once, and which later (for scripts/size.js)
import { build, transform } from 'esbuild'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import words from '../web/words/en.js'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const web = join(root, 'web')

// The browsers the product promises: iOS and desktop Safari 14.1 (iOS 14.5), Chrome and Firefox 90.
const kTarget = ['safari14.1', 'chrome90', 'firefox90']

/** Each page, and the script that runs it. */
const kPages = /** @type {const} */ ({
  'index.html': 'home.js',
  'sign-in.html': 'sign-in.js',
  'memorial.html': 'memorial.js',
  'manage.html': 'manage.js',
  'embed.html': 'embed-page.js',
  'not-found.html': 'said.js',
  'offline.html': 'said.js',
})

/** The client's WebAssembly modules: a page needs one of them. */
const kModules = ['publisher', 'player']

/** The same for all: scripts/icons.js draws the others from the first. */
const kImages = ['icon.svg', 'square.png', 'maskable.png', 'touch.png']

/**
 * @param {{client?: string, out?: string, files?: string, compressed?: boolean}} [options]
 *        client: folder of the two modules; out: folder to fill, emptied first; files: where the list goes;
 *        compressed: with the .br files
 */
export async function buildWeb({
  client = join(root, 'build/dist'),
  out = join(root, 'build/web'),
  files = join(root, 'build/web-files.json'),
  compressed = true,
} = {}) {
  for (const name of kModules.flatMap((module) => [`${module}.mjs`, `${module}.wasm`])) {
    if (!existsSync(join(client, name)))
      throw new Error(`${join(client, name)} is missing: build the wasm preset first`)
  }
  await rm(out, { recursive: true, force: true })
  /** Styles inside shadow roots. @type {Set<string>} */
  const styles = new Set()
  const result = await build({
    absWorkingDir: root,
    entryPoints: [
      ...new Set(Object.values(kPages).map((script) => join(web, 'pages', script))),
      join(web, 'embed.js'),
      join(web, 'styles/site.css'),
      ...kImages.map((image) => join(web, 'images', image)),
    ],
    outdir: join(out, 'assets'),
    publicPath: '/assets',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: kTarget,
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    loader: { '.wasm': 'file', '.svg': 'copy', '.png': 'copy' },
    metafile: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'client-modules',
        setup({ onResolve }) {
          for (const module of kModules) {
            onResolve({ filter: new RegExp(`^${module}-module$`) }, () => ({ path: join(client, `${module}.mjs`) }))
            onResolve({ filter: new RegExp(`^${module}-module\\.wasm$`) }, () => ({
              path: join(client, `${module}.wasm`),
            }))
          }
        },
      },
      {
        name: 'styles-in-shadow-roots',
        setup({ onLoad }) {
          onLoad({ filter: /styles\/player\.css$/ }, async ({ path }) => {
            const css = await readFile(path, 'utf8')
            const { code } = await transform(css, { loader: 'css', minify: true, target: kTarget })
            styles.add(code)
            return { contents: code, loader: 'text' }
          })
        },
      },
    ],
  })

  const outputs = result.metafile.outputs
  /** @param {string} source */
  const outputOf = (source) => {
    const found = Object.keys(outputs).find((path) =>
      outputs[path].entryPoint
        ? basename(outputs[path].entryPoint ?? '') === source
        : path.replace(/-[A-Z0-9]{8}(\.\w+)$/, '$1').endsWith(`/${source}`),
    )
    if (!found) throw new Error(`nothing was built from ${source}`)
    return found
  }
  const inOut = (/** @type {string} */ path) => relative(out, join(root, path))

  const assetUrl = (/** @type {string} */ asset) => `/${inOut(outputOf(asset))}`
  const head = await readFile(join(web, 'pages/head.html'), 'utf8')

  /** @type {Record<string, {first: string[], later: string[]}>} */
  const pages = {}
  for (const [page, script] of Object.entries(kPages)) {
    const { first, later } = closure(outputs, outputOf(script))
    const html = await readFile(join(web, 'pages', page), 'utf8')
    const preloads = first.slice(1).map((path) => `<link rel="modulepreload" href="/${inOut(path)}" />`)
    await writeFile(
      join(out, page),
      fill(html.replace('{{head}}', head), assetUrl)
        .replace('</head>', `${preloads.join('\n')}</head>`)
        .replace(/\n\s*/g, '\n'),
    )
    const style = [outputOf('site.css'), outputOf('icon.svg')]
    pages[page] = { first: [page, ...style.map(inOut), ...first.map(inOut)], later: later.map(inOut) }
  }
  await writeFile(join(out, 'embed.js'), `import '/${inOut(outputOf('embed.js'))}'\n`)
  const controls = Object.keys(result.metafile.inputs).filter((path) =>
    /media-chrome\/dist\/media-\w[\w-]*\.js$/.test(path),
  )
  for (const path of controls.sort()) for (const style of await stylesOf(join(root, path))) styles.add(style)
  await writeFile(join(out, 'style-hashes.json'), JSON.stringify([...styles].map(hashOf).sort(), null, 2) + '\n')
  await writeFile(
    join(out, 'site.webmanifest'),
    fill(await readFile(join(web, 'pages/site.webmanifest'), 'utf8'), assetUrl),
  )
  const worker = await readFile(join(web, 'pages/service-worker.js'), 'utf8')
  const { first, later } = pages['offline.html']
  const offline = [...first, ...later].map((path) => `/${path.replace('.html', '')}`)
  await writeFile(
    join(out, 'service-worker.js'),
    (await transform(worker.replace('{{offline-files}}', JSON.stringify(offline)), { target: kTarget, minify: true }))
      .code,
  )
  if (compressed) await compress(out)
  await mkdir(dirname(files), { recursive: true })
  await writeFile(files, JSON.stringify(pages, null, 2) + '\n')
  return pages
}

/**
 * The files a script needs at once (itself first), and those it may import later.
 *
 * @param {import('esbuild').Metafile['outputs']} outputs
 * @param {string} entry
 */
function closure(outputs, entry) {
  const first = new Set([entry])
  for (const path of first) {
    for (const { path: next, kind } of outputs[path].imports) if (kind === 'import-statement') first.add(next)
  }
  /** @type {Set<string>} */
  const later = new Set()
  for (const path of [...first, ...later]) later.add(path)
  for (const path of later) {
    for (const { path: next, external } of outputs[path]?.imports ?? []) if (!external) later.add(next)
  }
  return { first: [...first], later: [...later].filter((path) => !first.has(path)) }
}

/**
 * Puts words and asset names into a page. An unknown key is our mistake, so it ends the build.
 *
 * @param {string} html
 * @param {(asset: string) => string} assetUrl
 */
function fill(html, assetUrl) {
  return html.replace(/\{\{(?:asset:)?([\w.-]+)\}\}/g, (placeholder, key) => {
    if (placeholder.startsWith('{{asset:')) return assetUrl(key)
    const text = /** @type {Record<string, string>} */ (words)[key]
    if (text === undefined) throw new Error(`no words for ${key}`)
    return text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
  })
}

/** As a Content-Security-Policy names it (CSP 3, 2.3.1). @param {string} style */
const hashOf = (style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`

/**
 * The styles one of media-chrome's elements puts into its shadow root.
 *
 * @param {string} path
 * @returns {Promise<string[]>}
 */
async function stylesOf(path) {
  const { default: element } = await import(path)
  /** @type {string} */
  const html = element?.getTemplateHTML?.({}, {}) ?? ''
  return [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style]) => style)
}

/** @param {string} folder */
async function compress(folder) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (
      !entry.isFile() ||
      !['.html', '.css', '.js', '.svg', '.wasm', '.json', '.webmanifest'].includes(extname(entry.name))
    )
      continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    await writeFile(
      `${path}.br`,
      brotliCompressSync(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 11,
          [constants.BROTLI_PARAM_LGWIN]: 22,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
    )
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const pages = await buildWeb()
  console.log(`web: ${Object.keys(pages).length} pages in build/web`)
}
