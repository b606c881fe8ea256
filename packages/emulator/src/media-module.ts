import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MediaPlane } from './media-plane'

/** What the command uses when it is installed; no package of the kit's gateway depends on it. */
const usualModule = '@ivh-kit/emulator-media'

/** Media that the command has started, and ends. */
export interface RunningMedia extends MediaPlane {
  /** A page where a person can watch. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts the media of a module with an export `startMedia({ host })`, looked for where the command was called
 * and beside this package. `auto`: the usual one where it is installed; `none`: no media.
 *
 * @throws Error when a module that was named cannot be found or has no `startMedia`.
 */
export async function startMedia(
  wanted: string,
  host: string | undefined,
  folders: readonly string[] = [join(process.cwd(), 'x'), import.meta.url],
  usual = usualModule,
): Promise<RunningMedia | undefined> {
  if (wanted === 'none') return undefined
  const name = wanted === 'auto' ? usual : wanted
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
