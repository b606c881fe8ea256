import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'

const cli = fileURLToPath(new URL('../dist/cli.mjs', import.meta.url))
const children: ChildProcess[] = []

beforeAll(() => {
  if (existsSync(cli)) return
  throw new Error(`${cli} is missing: build @ivh-kit/emulator before this test`)
})
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

/** The built command in a process of its own. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    output += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    errors += chunk
  })
  const ended = once(child, 'close').then(([code]) => ({ code, output, errors }))
  return {
    child,
    ended,
    /** Resolves with the first line of stdout. */
    async firstLine(): Promise<string> {
      while (!output.includes('\n')) {
        await Promise.race([once(child.stdout, 'data'), ended])
        if (child.exitCode !== null) throw new Error(`it ended: ${errors}`)
      }
      return output.slice(0, output.indexOf('\n'))
    },
  }
}

describe('ivh-emulator', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'serves until %s and ends with code 0',
    async (signal) => {
      const emulator = start()
      const line = await emulator.firstLine()
      expect(line).toMatch(/^IVH emulator ready: http:\/\/127\.0\.0\.1:\d+$/)
      const url = line.replace('IVH emulator ready: ', '')
      expect(await (await fetch(url)).text()).toContain('IVH emulator')
      emulator.child.kill(signal)
      expect(await emulator.ended).toEqual({ code: 0, output: `${line}\n`, errors: '' })
    },
  )

  it('explains its options', async () => {
    const { code, output } = await start('--help').ended
    expect(code).toBe(0)
    expect(output).toContain('--access-token')
  })

  it('refuses a bad value with exit code 2', async () => {
    const { code, errors, output } = await start('--port=banana').ended
    expect({ code, output }).toEqual({ code: 2, output: '' })
    expect(errors).toContain('It must be a whole number from 0 to 65535.')
  })

  it('refuses an option it does not know', async () => {
    const { code, errors } = await start('--prot', '1').ended
    expect(code).toBe(2)
    expect(errors).toContain("unknown option '--prot'")
  })

  it('says that a port is in use and what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      const { code, output, errors } = await start('--port', String(port)).ended
      expect({ code, output }).toEqual({ code: 1, output: '' })
      expect(errors).toBe(
        `Port ${port} is in use. Give another one with --port, or --port 0 for any free one.\n`,
      )
    } finally {
      server.close()
    }
  })
})
