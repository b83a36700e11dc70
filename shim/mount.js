/**
 * Vigil inside another server, a SvelteKit app above all: no port, no pages and no media server of its own, only the
 * routes below /api. docs/deploy.md shows the two files a SvelteKit app needs.
 */
import { assemble } from './assemble.js'
import { readConfig } from './config.js'
import { loadCore } from './core.js'
import { log as stderr } from '../media/log.js'
import { openRecords } from './parts.js'
import { takeFolder } from './ports/database.js'
import { loadSecrets } from './secrets.js'

/**
 * @param {Record<string, string | undefined>} [env]
 * @param {import('../media/log.js').Log} [log]
 */
export async function mountVigil(env = process.env, log = stderr) {
  const { config, problems } = readConfig(env)
  if (!config.mediaUrl && (!config.cloudflare || config.ingest === 'relay')) {
    problems.push(
      'MEDIA_URL is missing: inside another server no media server is started; run media/main.js beside it.',
    )
  }
  if (!config.publicUrl) problems.push('PUBLIC_URL is missing: inside another server it must be known.')
  if (problems.length) throw new Error(problems.join('\n'))

  const core = await loadCore()
  const folder = config.firebase ? null : takeFolder(config.dataFolder)
  const secrets = loadSecrets(folder && config.dataFolder, config)
  const records = await openRecords(config, log)
  const parts = assemble({
    config,
    core,
    records,
    secrets,
    mediaUrl: () => config.mediaUrl || null,
    mediaPublicUrl: config.mediaPublicUrl || `${config.publicUrl}/media`,
    ownMedia: false,
    webFolder: '',
    log,
  })
  return {
    /**
     * Answers a request below /api.
     * @param {Request} request
     * @param {{ user?: import('./ports/local-identity.js').User | null, address?: string }} [host]  whom the host vouches
     *   for, and where the request came from
     */
    fetch: (request, host = {}) => parts.app.fetch(request, host),
    /** Whose session a request carries, for the host's own pages. @param {string} session */
    verifySession: records.identity.verifySession,
    /** For tests and first starts: with sign-in links. */
    local: records.local,
    store: records.store,
    async stop() {
      parts.drain()
      await parts.stop()
      folder?.release()
    },
  }
}
