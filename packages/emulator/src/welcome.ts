import type { EmulatorOptions } from './create-emulator'
import { isLoopback } from './loopback'
import { defaultCredentials } from './options'

/** Returns the help for the terminal after the start. It does not show a token of the caller. */
export function welcome(
  url: string,
  { accessToken, appKey, host = '127.0.0.1', port }: EmulatorOptions,
  watchUrl?: string,
): string {
  // Show the loopback address: a client cannot connect to "all addresses".
  const address = url.replace(/\/\/(?:0\.0\.0\.0|\[::\])/, '//127.0.0.1')
  const ownToken = accessToken !== undefined && accessToken !== defaultCredentials.accessToken
  const token = ownToken ? 'the one of --access-token' : `'${defaultCredentials.accessToken}'`
  const lines = [
    `  page     ${address}/`,
    `  client   baseUrl '${address}', appKey '${appKey ?? defaultCredentials.appKey}', accessToken ${token}`,
    watchUrl
      ? `  humans   ${watchUrl}/ – watch and hear the digital humans`
      : '  no human is shown: run npm install --save-dev @ivh-kit/emulator-media to see and hear it',
  ]
  if (!port) lines.push('  the port is a free one; --port 8080 keeps the address the same')
  if (!isLoopback(host)) {
    lines.push(
      `  every program that reaches ${host} can control this emulator: use a network that you trust`,
    )
  }
  return [...lines, '  Ctrl-C ends the emulator and its sessions; --help lists the flags'].join(
    '\n',
  )
}
