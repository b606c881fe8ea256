import { type Browser, chromium } from 'playwright-core'
import { findInstalledChromium, isExecutable } from './find-chromium'
import { npmChromium } from './npm-chromium'

export interface LaunchOptions {
  /**
   * Sound without a gesture: `allow` plays it, `block` refuses it like a visitor's browser.
   * Default: the browser's own policy.
   */
  autoplay?: 'allow' | 'block'
  /** Additional command-line flags. */
  args?: readonly string[]
}

interface Candidate {
  executablePath: string
  env?: Record<string, string>
}

const quietFlags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--mute-audio',
]

const autoplayPolicies = {
  allow: 'no-user-gesture-required',
  block: 'document-user-activation-required',
} as const

/**
 * Starts a headless Chromium: the one in `CHROMIUM_PATH`, else an installed one, else the one from
 * npm.
 *
 * @throws Error when no browser starts, with the attempts and the next step.
 */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (!isExecutable(named)) {
      throw new Error(`CHROMIUM_PATH is ${named}, which is not an executable file`)
    }
    return launch({ executablePath: named }, options)
  }

  const failures: string[] = []
  const installed = findInstalledChromium()
  if (installed) {
    try {
      return await launch({ executablePath: installed }, options)
    } catch (cause) {
      failures.push(`${installed}: ${firstLine(cause)}`)
    }
  } else failures.push('no Chromium, Chrome or Edge is installed')
  try {
    return await launch(await npmChromium(), options)
  } catch (cause) {
    failures.push(firstLine(cause))
  }
  throw new Error(
    `No browser starts. Install Chromium (for example: apt-get install chromium) or set CHROMIUM_PATH to a Chromium or Chrome. Tried: ${failures.join('; ')}.`,
  )
}

function launch({ executablePath, env }: Candidate, options: LaunchOptions): Promise<Browser> {
  const { autoplay, args = [] } = options
  return chromium.launch({
    executablePath,
    ...(env ? { env: { ...definedEnvironment(), ...env } } : {}),
    // Chromium's sandbox refuses root, and the build from npm comes without its helper program.
    chromiumSandbox: process.getuid?.() !== 0 && !env,
    args: [
      ...quietFlags,
      ...(autoplay ? [`--autoplay-policy=${autoplayPolicies[autoplay]}`] : []),
      ...args,
    ],
  })
}

function definedEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined) environment[name] = value
  }
  return environment
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.split('\n', 1)[0] ?? text
}
