import { type Browser, chromium } from 'playwright-core'
import { findInstalledChromium, isExecutable } from './find-chromium'
import { npmChromium } from './npm-chromium'

/** How the browser is to be started. */
export interface LaunchOptions {
  /**
   * What the browser makes of sound without a gesture: `allow` plays it, `block` refuses it like a
   * visitor's browser. Left to the browser when absent.
   */
  autoplay?: 'allow' | 'block'
  /** More command-line flags. */
  args?: readonly string[]
}

interface Candidate {
  executablePath: string
  env?: Record<string, string>
}

const QUIET_FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--mute-audio',
]

const AUTOPLAY_POLICY = {
  allow: 'no-user-gesture-required',
  block: 'document-user-activation-required',
} as const

/**
 * Starts a headless Chromium: the one that `CHROMIUM_PATH` names, else an installed one, else the
 * one from npm.
 *
 * @throws Error when none can be started, saying what was tried and what to install or set.
 */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (!isExecutable(named))
      throw new Error(`CHROMIUM_PATH is ${named}, which is not a program that can be started.`)
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
    `No browser can be started for these tests. Install Chromium (for example: apt-get install chromium) or set CHROMIUM_PATH to a Chromium or Chrome. Tried: ${failures.join('; ')}.`,
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
      ...QUIET_FLAGS,
      ...(autoplay ? [`--autoplay-policy=${AUTOPLAY_POLICY[autoplay]}`] : []),
      ...args,
    ],
  })
}

function definedEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined) environment[name] = value
  return environment
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.split('\n', 1)[0] ?? text
}
