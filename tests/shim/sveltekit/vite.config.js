import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'

const out = '../../../build/sveltekit'

export default {
  plugins: [sveltekit({ adapter: adapter({ out: `${out}/app` }), outDir: `${out}/kit` })],
  // Installed, it would be found among the dependencies and left where it is; here it is the repository around us.
  build: { rolldownOptions: { external: ['vigil/mount'] } },
  logLevel: 'warn',
}
