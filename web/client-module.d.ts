// The built client module. The bundler resolves both names to build/dist, tests to a scripted stand-in.

declare module 'client-module' {
  export { default } from '../build/dist/client.mjs'
}

declare module 'client-module.wasm' {
  const url: string
  export default url
}

declare module 'hls.js/light' {
  export { default } from 'hls.js'
}

// As text, for a shadow root: scripts/build-web.js.
declare module '*.css' {
  const text: string
  export default text
}
