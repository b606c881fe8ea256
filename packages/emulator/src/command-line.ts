import { createRequire } from 'node:module'
import { Command, InvalidArgumentError, Option } from 'commander'
import { createClock } from './clock'
import type { EmulatorOptions } from './create-emulator'
import { defaultCredentials } from './options'

const { version }: { version: string } = createRequire(import.meta.url)('../package.json')

/** Defines the command `ivh-emulator` and its flags, without an action. */
export function commandLine(): Command {
  return new Command('ivh-emulator')
    .description('An IVH account on localhost: the gateway of Tencent Cloud AI Digital Human.')
    .addHelpText('after', '\nStop it with Ctrl-C.')
    .version(version, '--version', 'show the version')
    .helpOption('--help', 'show this help')
    .showHelpAfterError('All flags with their defaults: ivh-emulator --help')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on, 0 for any free one', portNumber, 0)
    .option(
      '--control-hosts <names...>',
      'more host names under which a browser may control the emulator',
    )
    .option('--app-key <key>', 'the accepted app key', defaultCredentials.appKey)
    .option(
      '--access-token <token>',
      'the access token of the signatures',
      defaultCredentials.accessToken,
    )
    .option('--concurrency <number>', 'largest number of live sessions', count, 10)
    .option('--prepare-ms <number>', 'time to prepare a session', count, 1_000)
    .option(
      '--idle-timeout-ms <number>',
      'closes a session without commands after this time',
      positive,
      600_000,
    )
    .option(
      '--channel-idle-timeout-ms <number>',
      'closes a channel without traffic after this time',
      positive,
      180_000,
    )
    .option(
      '--text-spacing-ms <number>',
      'shortest time between two texts, 0: no limit',
      count,
      1_000,
    )
    .addOption(choice('--ssml <mode>', 'handling of undocumented SSML', ['strict', 'lenient']))
    .option('--speech-delay-ms <number>', 'from a command to the first sound', count, 100)
    .option('--interrupt-delay-ms <number>', 'from an interrupt to its TextOver', count, 120)
    .addOption(choice('--region <name>', 'the documents to follow', ['international', 'mainland']))
    .addOption(
      choice('--second-channel <mode>', 'handling of a second command channel', [
        'refuse',
        'replace',
      ]),
    )
    .addOption(
      choice('--audio-too-fast <mode>', 'handling of audio above the documented pace', [
        'refuse',
        'throttle',
      ]),
    )
    .addOption(
      choice('--trtc-user-sig <mode>', 'the UserSig of a TRTC app of your own', [
        'check',
        'accept',
      ]),
    )
    .addOption(
      choice('--channel-error-in <place>', 'place of the error in a channel message', [
        'payload',
        'header',
        'both',
      ]),
    )
    .option('--no-waiting-states', 'do not send the four Waiting… speak states')
    .option(
      '--media <module>',
      'shows the human: a module with startMedia, auto (@ivh-kit/emulator-media when it is installed) or none',
      'auto',
    )
    .option('--play-domain <name>', 'host of play addresses', 'liveplay.ivh.qq.com')
    .option('--media-play-domain <host>', 'host of play addresses with a media plane')
    .option('--no-play-url-while-preparing', 'leave out PlayStreamAddr until the session is ready')
    .option(
      '--auth-failure <status:code>',
      'response to a wrong signature, for example 401:100005',
      authFailure,
      { status: 200, code: 100005 },
    )
    .option('--push-url-required', 'refuse a create without CssCustomPushUrl', false)
    .option('--seed <number>', 'give the same ids in every run', count)
    .option('--still-clock', 'time passes only through the status page or the control API', false)
    .option('--private', 'accept a SessionId from the caller, like a private deployment', false)
    .option('--quiet', 'print no log', false)
}

/** The emulator's options, and the name of its media module. */
export interface CommandLine extends Omit<EmulatorOptions, 'media'> {
  readonly mediaModule: string
}

/** Reads the flags. @throws CommanderError for a wrong flag or value, and for `--help`. */
export function readCommandLine(args: readonly string[], command = commandLine()): CommandLine {
  command.exitOverride().parse([...args], { from: 'user' })
  const {
    media,
    private: isPrivate,
    quiet,
    stillClock,
    ...given
  } = command.opts<
    Omit<EmulatorOptions, 'media'> & {
      readonly media: string
      readonly private: boolean
      readonly quiet: boolean
      readonly stillClock: boolean
    }
  >()
  return {
    ...given,
    mediaModule: media,
    clock: createClock({ running: !stillClock }),
    environment: isPrivate ? 'private' : 'saas',
    logger: quiet ? undefined : console,
  }
}

/** Creates an option with a fixed set of values. The first value is the default. */
function choice(flags: string, what: string, values: readonly [string, ...string[]]): Option {
  return new Option(flags, what).choices(values).default(values[0])
}

function portNumber(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
}

/** Maximum of a whole number on the command line: the longest delay of a Node.js timer, in milliseconds. */
const largestCount = 2 ** 31 - 1

function count(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= largestCount) return Number(text)
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${largestCount}.`)
}

function positive(text: string): number {
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= largestCount) return Number(text)
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${largestCount}.`)
}

function authFailure(text: string): NonNullable<EmulatorOptions['authFailure']> {
  const [, status, code] = /^(200|401|403):(-?\d{1,9})$/.exec(text) ?? []
  if (status && code && Number(code) !== 0) {
    return { status: status === '401' ? 401 : status === '403' ? 403 : 200, code: Number(code) }
  }
  throw new InvalidArgumentError('It must be 200, 401 or 403, a colon and a code other than 0.')
}
