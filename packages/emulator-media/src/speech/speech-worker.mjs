// Stands in for the built `dist/speech-worker.mjs` when the package runs from source. Both have
// the same name, so that one URL relative to the importing module finds the right one.
import { register } from 'node:module'

register('../typescript-loader.mjs', import.meta.url)
await import('./speech-worker')
