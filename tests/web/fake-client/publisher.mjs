export { default } from './client.mjs'
