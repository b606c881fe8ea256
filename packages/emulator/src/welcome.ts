import type { EmulatorOptions } from './create-emulator'
import { isLoopback } from './loopback'
import { defaultCredentials } from './options'

/** What a person at the terminal needs next; a token of their own is not shown. */
export function welcome(
  url: string,
  { accessToken, appKey, host = '127.0.0.1', port }: EmulatorOptions,
  watchUrl?: string,
): string {
  // Nobody connects to "all addresses".
  const address = url.replace(/\/\/(?:0\.0\.0\.0|\[::\])/, '//127.0.0.1')
  const ownToken = accessToken !== undefined && accessToken !== defaultCredentials.accessToken
  const token = ownToken ? 'the one of --access-token' : `'${defaultCredentials.accessToken}'`
  const lines = [
    `  page     ${address}/`,
    `  client   baseUrl '${address}', appKey '${appKey ?? defaultCredentials.appKey}', accessToken ${token}`,
    watchUrl
      ? `  humans   ${watchUrl}/ – who is on the air, to be watched and heard`
      : '  no human is shown: npm install --save-dev @ivh-kit/emulator-media, and it talks',
  ]
  if (!port) lines.push('  any free port was taken; --port 8080 keeps the address the same')
  if (!isLoopback(host)) {
    lines.push(
      `  whoever reaches ${host} can steer this emulator: keep it in a network that you trust`,
    )
  }
  return [...lines, '  Ctrl-C ends it and its sessions; --help tells the flags'].join('\n')
}
