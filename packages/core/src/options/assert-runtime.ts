import { IvhConfigError } from '../errors'

/**
 * Checks that the client may run here.
 *
 * @throws IvhConfigError in a page or a Web Worker unless allowed, and where Node's modules are missing.
 */
export function assertRuntime({ allowBrowser }: { readonly allowBrowser: boolean }): void {
  const runsInBrowser =
    ('window' in globalThis && 'document' in globalThis) || 'WorkerGlobalScope' in globalThis
  if (runsInBrowser && !allowBrowser) {
    throw new IvhConfigError(
      'The IVH client must not run in a browser: it would expose the access token',
      {
        hint: 'Run it on your server and give the page a ticket through @ivh-kit/broker.',
      },
    )
  }
  const hasBuiltinModules =
    typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function'
  const missing = [
    typeof Buffer === 'undefined' && 'Buffer',
    !hasBuiltinModules && 'process.getBuiltinModule',
  ].filter(Boolean)
  if (missing.length > 0) {
    throw new IvhConfigError(
      `The IVH client needs Node; this runtime lacks ${missing.join(' and ')}`,
      {
        hint: 'Run it on Node 20.19 or later, or in an Electron renderer with nodeIntegration.',
      },
    )
  }
}
