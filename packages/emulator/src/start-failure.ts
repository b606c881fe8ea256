import type { EmulatorOptions } from './create-emulator'

/** Timeout of the request to another emulator on this machine, in milliseconds. */
const probeTimeoutMs = 1_000

/** Returns the reason of a failed start, and what to do next. */
export async function startFailure(error: unknown, options: EmulatorOptions): Promise<string> {
  const { host = '127.0.0.1', port = 0 } = options
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE': {
      const other = await otherEmulator(host, port)
      const user = other
        ? `an IVH emulator is running there already (${other})`
        : 'another program uses it'
      const instead = other ? 'Use that one, stop it with Ctrl-C in its terminal, or give' : 'Give'
      return `Port ${port} is in use: ${user}. ${instead} another port with --port, or --port 0 for any free one.`
    }
    case 'EACCES':
      return `Port ${port} needs more rights. Give a port from 1024 on with --port.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine. Give --host 127.0.0.1 (this machine only) or --host 0.0.0.0 (all its addresses).`
    default:
      return `The emulator did not start: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function otherEmulator(host: string, port: number): Promise<string | undefined> {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}`
  try {
    const answer = await fetch(`${url}/__emulator/clock`, {
      signal: AbortSignal.timeout(probeTimeoutMs),
    })
    const clock: unknown = await answer.json()
    return answer.ok && typeof clock === 'object' && clock !== null && 'now' in clock
      ? url
      : undefined
  } catch {
    return undefined
  }
}
