// Replaces the built `dist/bank-worker.mjs` when the package runs from source. Both files have the same
// name, so one relative URL finds the right one.
import { register } from 'node:module'

register('../typescript-loader.mjs', import.meta.url)
await import('./bank-worker')
