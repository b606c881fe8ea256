import type { IvhClientOptions } from '@ivh-kit/core'
import type { CssSignerOptions } from '@ivh-kit/css-signer'

/** Configuration of the demo's backend. */
export interface DemoConfig {
  readonly ivh: IvhClientOptions
  readonly css: CssSignerOptions
  /** The avatar asset to show. */
  readonly assetVirtualmanKey: string
  /** Host names of the page besides the loopback names, for example behind a proxy. */
  readonly allowedHosts?: readonly string[]
}

/**
 * Reads the configuration for a real account.
 *
 * @throws Error that lists all missing variables.
 */
export function configFromEnvironment(env: NodeJS.ProcessEnv): DemoConfig {
  const required = [
    'IVH_APP_KEY',
    'IVH_ACCESS_TOKEN',
    'IVH_ASSET_KEY',
    'CSS_PUSH_DOMAIN',
    'CSS_PUSH_KEY',
    'CSS_PLAY_DOMAIN',
  ] as const
  const missing = required.filter((name) => !env[name])
  if (missing.length > 0) {
    throw new Error(`Set ${missing.join(', ')}; the README says where to find each one.`)
  }
  const read = (name: (typeof required)[number]) => env[name] ?? ''
  return {
    ivh: {
      appKey: read('IVH_APP_KEY'),
      accessToken: read('IVH_ACCESS_TOKEN'),
      region: env.IVH_REGION === 'mainland' ? 'mainland' : 'international',
    },
    css: {
      pushDomain: read('CSS_PUSH_DOMAIN'),
      pushKey: read('CSS_PUSH_KEY'),
      playDomain: read('CSS_PLAY_DOMAIN'),
      // Optional: without a play key the play addresses are not signed. Omit it when play authentication is
      // off for the domain.
      ...(env.CSS_PLAY_KEY && { playKey: env.CSS_PLAY_KEY }),
    },
    assetVirtualmanKey: read('IVH_ASSET_KEY'),
    allowedHosts: (env.ALLOWED_HOSTS ?? '').split(',').map((name) => name.trim()),
  }
}

/**
 * Reads `PORT`, default 4200. 0 means any free port.
 *
 * @throws Error for an invalid port.
 */
export function portFromEnvironment(env: NodeJS.ProcessEnv): number {
  const text = env.PORT ?? '4200'
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text !== '') return port
  throw new Error(`PORT must be a whole number from 0 to 65535, got "${text}".`)
}
