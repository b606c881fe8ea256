import { Command, InvalidArgumentError, Option } from 'commander'
import { createClock } from './clock'
import { createEmulator } from './create-emulator'
import { defaultCredentials } from './options'

const command = new Command('ivh-emulator')
  .description('An IVH account on localhost: the gateway of Tencent Cloud AI Digital Human.')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <number>', 'port to listen on, 0 for any free one', portNumber, 0)
  .option('--app-key <key>', 'the app key that is accepted', defaultCredentials.appKey)
  .option('--access-token <token>', 'the access token that signs', defaultCredentials.accessToken)
  .option('--concurrency <number>', 'sessions that may be live at once', count, 10)
  .option('--prepare-ms <number>', 'how long a session is being prepared', count, 1_000)
  .option('--idle-timeout-ms <number>', 'a session without commands is closed', count, 600_000)
  .option('--channel-idle-timeout-ms <number>', 'a channel without traffic is cut', count, 180_000)
  .option('--text-spacing-ms <number>', 'must lie between two texts, 0: no limit', count, 1_000)
  .option('--speech-delay-ms <number>', 'from a command to the first sound', count, 100)
  .addOption(
    new Option('--region <name>', 'whose documents are followed')
      .choices(['international', 'mainland'])
      .default('international'),
  )
  .addOption(
    new Option('--second-channel <what>', 'what happens to a second command channel')
      .choices(['refuse', 'replace'])
      .default('refuse'),
  )
  .addOption(
    new Option('--audio-too-fast <what>', 'what happens to audio that comes too fast')
      .choices(['refuse', 'throttle'])
      .default('refuse'),
  )
  .addOption(
    new Option('--trtc-user-sig <what>', 'the UserSig of a TRTC app of your own')
      .choices(['check', 'accept'])
      .default('check'),
  )
  .option('--push-url-required', 'refuse a create without CssCustomPushUrl', false)
  .option('--seed <number>', 'make the same ids in every run', count)
  .option('--still-clock', 'time passes only when it is told to, by the page or over HTTP', false)
  .option('--private', 'accept a caller-given SessionId, as a private deployment does', false)
  .option('--quiet', 'do not tell what happens', false)
  .parse()

const options = command.opts<{
  host: string
  port: number
  appKey: string
  accessToken: string
  concurrency: number
  prepareMs: number
  idleTimeoutMs: number
  channelIdleTimeoutMs: number
  textSpacingMs: number
  speechDelayMs: number
  region: 'international' | 'mainland'
  secondChannel: 'refuse' | 'replace'
  audioTooFast: 'refuse' | 'throttle'
  trtcUserSig: 'check' | 'accept'
  pushUrlRequired: boolean
  seed?: number
  stillClock: boolean
  private: boolean
  quiet: boolean
}>()

const { private: isPrivate, quiet, stillClock, ...given } = options
try {
  const emulator = await createEmulator({
    ...given,
    clock: createClock({ running: !stillClock }),
    environment: isPrivate ? 'private' : 'saas',
    logger: quiet ? undefined : console,
  })
  console.log(`IVH emulator ready: ${emulator.url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void emulator.close())
  }
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  console.error(
    inUse
      ? `Port ${options.port} is in use. Give another one with --port, or --port 0 for any free one.`
      : `The emulator did not start: ${error instanceof Error ? error.message : String(error)}`,
  )
  process.exitCode = 1
}

function portNumber(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
}

function count(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number of at least 0.')
}
