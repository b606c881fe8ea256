import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MediaPlane } from './media-plane'

/** The default media module. It is optional, so no package depends on it. */
const defaultModule = '@ivh-kit/emulator-media'

/** Media that the command starts and closes. */
export interface RunningMedia extends MediaPlane {
  /** Address of the watch page. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts the media of a module with an export `startMedia({ host })`. The module is searched in the current
 * folder and beside this package. `auto`: the default module when it is installed; `none`: no media.
 *
 * @throws Error when a named module is not installed or has no `startMedia`.
 */
export async function startMedia(
  wanted: string,
  host: string | undefined,
  folders: readonly string[] = [join(process.cwd(), 'x'), import.meta.url],
  byDefault = defaultModule,
): Promise<RunningMedia | undefined> {
  if (wanted === 'none') return undefined
  const name = wanted === 'auto' ? byDefault : wanted
  const path = folders.map((folder) => find(name, folder)).find((found) => found !== undefined)
  if (path === undefined) {
    if (wanted === 'auto') return undefined
    throw new Error(`${name} is not installed here. Run: npm install --save-dev ${name}`)
  }
  const module: unknown = await import(pathToFileURL(path).href)
  if (!isMediaModule(module)) throw new Error(`${name} has no export startMedia({ host })`)
  return module.startMedia({ host })
}

function find(name: string, folder: string): string | undefined {
  try {
    return createRequire(folder).resolve(name)
  } catch {
    return undefined
  }
}

interface MediaModule {
  startMedia(options: { readonly host: string | undefined }): Promise<RunningMedia>
}

function isMediaModule(module: unknown): module is MediaModule {
  return (
    typeof module === 'object' &&
    module !== null &&
    'startMedia' in module &&
    typeof module.startMedia === 'function'
  )
}
