// The built client module. The bundler resolves both names to build/dist, tests to a scripted stand-in.

declare module 'client-module' {
  import type { ClientModule } from './types.js'
  export default function factory(options: { locateFile(name: string): string }): Promise<ClientModule>
}

declare module 'client-module.wasm' {
  const url: string
  export default url
}

declare module 'hls.js/light' {
  export { default } from 'hls.js'
}
