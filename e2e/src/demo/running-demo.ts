import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('../../../apps/nest-demo/dist/server/demo.js', import.meta.url))

export interface DemoSession {
  readonly sessionId: string
  readonly status: number
  readonly closeType?: number
}

/** The built demo in a process of its own, as after `npm run demo`. */
export class RunningDemo implements AsyncDisposable {
  readonly url: string
  readonly #emulatorUrl: string
  readonly #process: ChildProcess
  readonly #output: () => string

  private constructor(
    process: ChildProcess,
    output: () => string,
    url: string,
    emulatorUrl: string,
  ) {
    this.#process = process
    this.#output = output
    this.url = url
    this.#emulatorUrl = emulatorUrl
  }

  static async start(env: NodeJS.ProcessEnv = {}): Promise<RunningDemo> {
    const child = spawn(process.execPath, [entry], {
      env: { ...process.env, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const ready = new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString()
        const url = /^Demo ready: (\S+)$/m.exec(output)?.[1]
        if (url) resolve(url)
      }
      child.stdout.on('data', read)
      child.stderr.on('data', read)
      child.once('exit', () => reject(new Error(`the demo ended before it was ready:\n${output}`)))
    })
    const url = await ready
    const emulatorUrl = /^IVH emulator: (\S+)$/m.exec(output)?.[1]
    if (!emulatorUrl) {
      throw new Error(`the demo did not print the address of its emulator:\n${output}`)
    }
    return new RunningDemo(child, () => output, url, emulatorUrl)
  }

  get output(): string {
    return this.#output()
  }

  async sessions(): Promise<readonly DemoSession[]> {
    const response = await fetch(`${this.#emulatorUrl}/__emulator/sessions`)
    const { sessions } = (await response.json()) as { sessions: DemoSession[] }
    return sessions
  }

  /** Plans a fault of the emulator. */
  async planFault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    const response = await fetch(`${this.#emulatorUrl}/__emulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([fault]),
    })
    if (!response.ok) throw new Error(`the emulator refused the fault: ${await response.text()}`)
  }

  /** Number of sessions that use concurrency: preparing or ready. */
  async openSessions(): Promise<number> {
    const sessions = await this.sessions()
    return sessions.filter(({ status }) => status === 1 || status === 3).length
  }

  /** Sends a signal and resolves with the exit code. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
      return this.#process.exitCode
    }
    const exited = once(this.#process, 'exit')
    this.#process.kill(signal)
    const [code] = await exited
    return code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL')
  }
}
