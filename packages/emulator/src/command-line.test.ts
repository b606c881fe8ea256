import { readFileSync } from 'node:fs'
import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { commandLine, readCommandLine } from './command-line'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const flags = commandLine()
  .options.map(({ long }) => String(long))
  .filter((flag) => flag !== '--version')

/** Each flag with its arguments and its result; without arguments, the default. */
const cases: [args: string[], option: string, value: unknown, byDefault: unknown][] = [
  [['--host', '0.0.0.0'], 'host', '0.0.0.0', '127.0.0.1'],
  [['--port', '8080'], 'port', 8080, 0],
  [['--control-hosts', 'a.test', 'b.test'], 'controlHosts', ['a.test', 'b.test'], undefined],
  [['--app-key', 'k'], 'appKey', 'k', 'emulator-appkey'],
  [['--access-token', 't'], 'accessToken', 't', 'emulator-accesstoken'],
  [['--concurrency', '0'], 'concurrency', 0, 10],
  [['--prepare-ms', '0'], 'prepareMs', 0, 1_000],
  [['--idle-timeout-ms', '1'], 'idleTimeoutMs', 1, 600_000],
  [['--channel-idle-timeout-ms', '1'], 'channelIdleTimeoutMs', 1, 180_000],
  [['--text-spacing-ms', '0'], 'textSpacingMs', 0, 1_000],
  [['--ssml', 'lenient'], 'ssml', 'lenient', 'strict'],
  [['--speech-delay-ms', '7'], 'speechDelayMs', 7, 100],
  [['--interrupt-delay-ms', '0'], 'interruptDelayMs', 0, 120],
  [['--region', 'mainland'], 'region', 'mainland', 'international'],
  [['--second-channel', 'replace'], 'secondChannel', 'replace', 'refuse'],
  [['--audio-too-fast', 'throttle'], 'audioTooFast', 'throttle', 'refuse'],
  [['--trtc-user-sig', 'accept'], 'trtcUserSig', 'accept', 'check'],
  [['--channel-error-in', 'both'], 'channelErrorIn', 'both', 'payload'],
  [['--no-waiting-states'], 'waitingStates', false, true],
  [['--media', 'none'], 'mediaModule', 'none', 'auto'],
  [['--play-domain', 'play.test'], 'playDomain', 'play.test', 'liveplay.ivh.qq.com'],
  [['--media-play-domain', 'play.test:80'], 'mediaPlayDomain', 'play.test:80', undefined],
  [['--no-play-url-while-preparing'], 'playUrlWhilePreparing', false, true],
  [
    ['--auth-failure', '401:-7'],
    'authFailure',
    { status: 401, code: -7 },
    { status: 200, code: 100005 },
  ],
  [['--push-url-required'], 'pushUrlRequired', true, false],
  [['--seed', '5'], 'seed', 5, undefined],
  [['--private'], 'environment', 'private', 'saas'],
  [['--quiet'], 'logger', undefined, console],
]

const read = (args: string[]): Record<string, unknown> => ({ ...readCommandLine(args) })

describe('a flag', () => {
  it.each(cases)('reads %j as the option %s', (args, option, value, byDefault) => {
    expect(read(args)[option]).toEqual(value)
    expect(read([])[option]).toEqual(byDefault)
  })

  it('--still-clock stops the time', async () => {
    const { clock } = readCommandLine(['--still-clock'])
    const before = clock?.now()
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(clock?.now()).toBe(before)
  })

  it.each(flags)('%s has a test, and is in --help and in the README', (flag) => {
    const tested = [...cases.map(([[name]]) => name), '--still-clock']
    expect(tested).toContain(flag)
    expect(commandLine().helpInformation()).toContain(flag)
    expect(readme).toMatch(new RegExp(`\\| .*\`${flag}\`.*\\|`))
  })

  it('the README names only flags of the command', () => {
    const table = readme.split('\n').filter((line) => line.startsWith('| `'))
    const named = table.join('\n').match(/(?<=`)--[a-z-]+(?=`)/g) ?? []
    expect(named.length).toBeGreaterThan(20)
    for (const flag of named) expect(flags).toContain(flag)
  })
})

describe('a wrong value', () => {
  const counts = [
    '--concurrency',
    '--prepare-ms',
    '--text-spacing-ms',
    '--speech-delay-ms',
    '--interrupt-delay-ms',
    '--seed',
  ]
  const positives = ['--idle-timeout-ms', '--channel-idle-timeout-ms']
  it.each([
    ...['banana', '65536', '-1', '1.5', ''].map((port) => ['--port', port, 'from 0 to 65535']),
    ...counts.map((flag) => [flag, '-1', 'a whole number from 0 to 2147483647']),
    ...counts.map((flag) => [flag, '2147483648', 'a whole number from 0 to 2147483647']),
    ...positives.map((flag) => [flag, '0', 'a whole number from 1 to 2147483647']),
    ['--region', 'mars', 'Allowed choices are international, mainland'],
    ['--second-channel', 'x', 'Allowed choices are refuse, replace'],
    ['--audio-too-fast', 'x', 'Allowed choices are refuse, throttle'],
    ['--trtc-user-sig', 'x', 'Allowed choices are check, accept'],
    ['--channel-error-in', 'x', 'Allowed choices are payload, header, both'],
    ['--auth-failure', '500:1', 'It must be 200, 401 or 403'],
    ['--auth-failure', '200:0', 'a code other than 0'],
  ])('refuses the value of %s, "%s", with the reason', (flag = '', value = '', why = '') => {
    const silent = () => commandLine().configureOutput({ writeErr() {} })
    const refused = () => readCommandLine([`${flag}=${value}`], silent())
    expect(refused).toThrow(CommanderError)
    expect(refused).toThrow(why)
  })
})
