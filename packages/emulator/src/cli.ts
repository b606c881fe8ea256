import { Command, InvalidArgumentError } from 'commander'
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
  private: boolean
  quiet: boolean
}>()

try {
  const emulator = await createEmulator({
    host: options.host,
    port: options.port,
    appKey: options.appKey,
    accessToken: options.accessToken,
    concurrency: options.concurrency,
    prepareMs: options.prepareMs,
    idleTimeoutMs: options.idleTimeoutMs,
    environment: options.private ? 'private' : 'saas',
    logger: options.quiet ? undefined : console,
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
