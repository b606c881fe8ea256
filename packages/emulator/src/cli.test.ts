import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'

const cli = fileURLToPath(new URL('../dist/cli.mjs', import.meta.url))
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const children: ChildProcess[] = []

beforeAll(() => {
  if (existsSync(cli)) return
  throw new Error(`${cli} is missing: build @ivh-kit/emulator before this test`)
})
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

/** Starts the built command in a separate process. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [cli, '--media', 'none', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
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

describe.skipIf(process.platform === 'win32')('ivh-emulator in a shell that ends', () => {
  /** Starts the command in the background of a shell, and waits until it serves. */
  async function startInShell(env: NodeJS.ProcessEnv) {
    const command = '"$0" "$1" --media none --quiet & echo "pid $!"; wait'
    const shell = spawn('sh', ['-c', command, process.execPath, cli], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...env },
    })
    children.push(shell)
    let output = ''
    for await (const chunk of shell.stdout) {
      output += chunk
      const pid = /pid (\d+)/.exec(output)?.[1]
      const url = /ready: (\S+)\n/.exec(output)?.[1]
      if (pid && url) return { shell, pid: Number(pid), url }
    }
    throw new Error(`the emulator did not start: ${output}`)
  }
  const serves = (url: string) =>
    fetch(url).then(
      () => true,
      () => false,
    )

  it('ends with npx, which passes a signal to the shell only', async () => {
    const { shell, pid, url } = await startInShell({
      npm_lifecycle_event: 'npx',
      npm_lifecycle_script: "'ivh-emulator'",
    })
    shell.kill('SIGTERM')
    try {
      await expect.poll(() => serves(url), { timeout: 4_000 }).toBe(false)
    } catch (error) {
      process.kill(pid, 'SIGKILL')
      throw error
    }
  })

  it.each([
    [{ npm_lifecycle_event: 'pretest', npm_lifecycle_script: 'ivh-emulator &' }],
    [{ npm_lifecycle_event: 'npx', npm_lifecycle_script: 'another-tool' }],
  ])('continues when it was not npx that started it: %j', async (env) => {
    const { shell, pid, url } = await startInShell(env)
    try {
      shell.kill('SIGTERM')
      await once(shell, 'exit')
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      expect(await serves(url)).toBe(true)
    } finally {
      process.kill(pid, 'SIGKILL')
    }
  })
})

describe('ivh-emulator', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'serves until %s and ends with code 0',
    async (signal) => {
      const emulator = start('--quiet')
      const line = await emulator.firstLine()
      expect(line).toMatch(/^IVH emulator ready: http:\/\/127\.0\.0\.1:\d+$/)
      const url = line.replace('IVH emulator ready: ', '')
      expect(await (await fetch(url)).text()).toContain('IVH emulator')
      emulator.child.kill(signal)
      expect(await emulator.ended).toEqual({ code: 0, output: `${line}\n`, errors: '' })
    },
  )

  it('prints the next steps, but not the caller’s own token', async () => {
    const emulator = start('--access-token', 'my-own-token', '--host', '0.0.0.0')
    await emulator.firstLine()
    emulator.child.kill('SIGINT')
    const { code, output } = await emulator.ended
    expect(code).toBe(0)
    expect(output).toMatch(/page +http:\/\/127\.0\.0\.1:\d+\//)
    expect(output).toContain("appKey 'emulator-appkey', accessToken the one of --access-token")
    expect(output).not.toContain('my-own-token')
    expect(output).toContain('every program that reaches 0.0.0.0 can control')
    expect(output).toContain('--port 8080 keeps the address')
    expect(output).toMatch(/Ctrl-C ends the emulator[\s\S]*Stopping\.\nIVH emulator stopped\.\n$/)
  })

  it('prints the default token', async () => {
    const emulator = start()
    await emulator.firstLine()
    emulator.child.kill()
    const { output } = await emulator.ended
    expect(output).toContain("accessToken 'emulator-accesstoken'")
    expect(output).not.toContain('can steer')
  })

  it('ends while a channel and a page are open, and prints the number of sessions', async () => {
    const emulator = start('--prepare-ms', '0')
    const url = (await emulator.firstLine()).replace('IVH emulator ready: ', '')
    const stream = await fetch(`${url}/__emulator/stream`)
    const query = `appkey=emulator-appkey&timestamp=${Math.floor(Date.now() / 1000)}`
    const digest = createHmac('sha256', 'emulator-accesstoken').update(query).digest('base64')
    const path = '/v2/ivh/sessionmanager/sessionmanagerservice/createsessionbyasset'
    const Payload = { ReqId: '0'.repeat(32), AssetVirtualmanKey: 'a', UserId: 'u' }
    await fetch(`${url}${path}?${query}&signature=${encodeURIComponent(digest)}`, {
      method: 'POST',
      body: JSON.stringify({
        Header: {},
        Payload: { ...Payload, Protocol: 'rtmp', DriverType: 1 },
      }),
    })
    const asked = Date.now()
    emulator.child.kill('SIGTERM')
    const { code, output } = await emulator.ended
    expect(code).toBe(0)
    expect(Date.now() - asked).toBeLessThan(10_000)
    expect(output).toContain('Stopping: 1 live session will be ended.')
    await expect(stream.text()).rejects.toThrow()
  })

  it('continues after its output is closed', async () => {
    const emulator = start('--prepare-ms', '0')
    const url = (await emulator.firstLine()).replace('IVH emulator ready: ', '')
    emulator.child.stdout.destroy()
    for (let turn = 0; turn < 3; turn++) {
      await fetch(`${url}/__emulator/reset`, { method: 'POST' })
      await fetch(`${url}/__emulator/faults`, { method: 'POST', body: '[{"drop":"before"}]' })
    }
    expect((await fetch(url)).status).toBe(200)
    emulator.child.kill()
    expect((await emulator.ended).code).toBe(0)
  })

  it('prints its options with --help', async () => {
    const { code, output } = await start('--help').ended
    expect(code).toBe(0)
    expect(output).toContain('--access-token')
    expect(output).toContain('Stop it with Ctrl-C')
  })

  it('prints its version', async () => {
    const { code, output } = await start('--version').ended
    expect({ code, output }).toEqual({ code: 0, output: `${manifest.version}\n` })
  })

  it('refuses a wrong value with exit code 2', async () => {
    const { code, errors, output } = await start('--port=banana').ended
    expect({ code, output }).toEqual({ code: 2, output: '' })
    expect(errors).toContain('It must be a whole number from 0 to 65535.')
    expect(errors).toContain('ivh-emulator --help')
  })

  it.each([
    [['--prot', '1'], "unknown option '--prot'\n(Did you mean --port?)"],
    [['8080'], 'too many arguments'],
    [['--port'], 'argument missing'],
  ])('refuses %j', async (args, why) => {
    const { code, errors } = await start(...args).ended
    expect(code).toBe(2)
    expect(errors).toContain(why)
    expect(errors).toContain('All flags with their defaults: ivh-emulator --help')
  })

  it('reports that another program uses the port, and the next step', async () => {
    const server = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      const { code, output, errors } = await start('--port', String(port)).ended
      expect({ code, output }).toEqual({ code: 1, output: '' })
      expect(errors).toBe(
        `Port ${port} is in use: another program uses it. Give another port with --port, or --port 0 for any free one.\n`,
      )
    } finally {
      server.close()
    }
  })

  it('reports that another emulator runs on the port', async () => {
    const first = start('--quiet')
    const url = (await first.firstLine()).replace('IVH emulator ready: ', '')
    const { code, errors } = await start('--port', new URL(url).port).ended
    expect(code).toBe(1)
    expect(errors).toContain(`an IVH emulator is running there already (${url}). Use that one`)
  })

  it('reports that the address belongs to another machine', async () => {
    const { code, errors } = await start('--host', '192.0.2.1').ended
    expect(code).toBe(1)
    expect(errors).toContain('192.0.2.1 is not an address of this machine. Give --host 127.0.0.1')
  })
})
