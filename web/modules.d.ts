// The built modules. The bundler resolves their names to build/dist, tests to a scripted stand-in.

declare module 'publisher-module' {
  export { default } from '../build/dist/publisher.mjs'
}

declare module 'player-module' {
  export { default } from '../build/dist/player.mjs'
}

declare module '*.wasm' {
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
