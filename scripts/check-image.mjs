// What the emulator's Dockerfile does, without Docker: its form is checked, its RUN line is run as it stands
// in a copy of what Git knows of this tree, the command is started from the result by a user without rights,
// a session is created, its health check is asked, and SIGTERM ends it while a page and a channel are open.
// Then the same for the packed packages, installed by npm into an empty project and started by npx.
//   node scripts/check-image.mjs        after a build; dependencies come from the npm registry or its cache
import { execFile, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './pnpm.mjs'

const run = promisify(execFile)
const room = join(root, 'packages/emulator')
const dockerfile = readFileSync(join(room, 'Dockerfile'), 'utf8')
  .replace(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
const lines = dockerfile.split('\n').filter(Boolean)
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'ivh-kit-image-'))
/** `nobody`, when there are rights to give up. */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** The arguments of the last such instruction; those in JSON as a list. */
function instruction(name) {
  const line = lines.findLast((text) => text.startsWith(`${name} `)) ?? ''
  const list = /\[.*\]$/.exec(line)
  if (list) return JSON.parse(list[0])
  return line.slice(name.length + 1)
}

function check(condition, what) {
  if (!condition) throw new Error(what)
  console.log(`✓ ${what}`)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

async function pack(name) {
  const args = ['--yes', '--prefer-offline', packageManager, 'pack', '--pack-destination', folder]
  const { stdout } = await run('npx', args, { cwd: join(root, 'packages', name) })
  return stdout.trim().split('\n').at(-1)
}

/** The build stage: its RUN line, in a folder with what `COPY . .` would bring. */
async function build() {
  const copy = join(folder, 'repo')
  const ignored = readFileSync(join(room, 'Dockerfile.dockerignore'), 'utf8').split('\n')
  check(ignored.includes('**/node_modules'), 'nothing that is installed here goes into the image')
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { stdout } = await run('git', list, { cwd: root, maxBuffer: 2 ** 25 })
  for (const path of stdout.split('\0').filter((name) => name && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    copyFileSync(join(root, path), join(copy, path))
  }
  const target = join(folder, 'emulator')
  const command = instruction('RUN').replaceAll(/ \/emulator(?=\s|$)/g, ` ${target}`)
  check(command.endsWith(target), 'the build ends in /emulator')
  const env = { ...process.env, CI: 'true' }
  await run('sh', ['-ec', command], { cwd: copy, env, maxBuffer: 2 ** 25 })
  check(existsSync(join(target, 'dist/cli.mjs')), 'the RUN line builds and deploys the emulator')
  for (const name of ['zod', 'hono', '@hono/node-server', 'vitest', 'jest']) {
    check(!existsSync(join(target, 'node_modules', name)), `${name} is not in the image`)
  }
  return target
}

/** One signed create, by hand. */
async function createSession(url) {
  const query = `appkey=emulator-appkey&timestamp=${Math.floor(Date.now() / 1000)}`
  const digest = createHmac('sha256', 'emulator-accesstoken').update(query).digest('base64')
  const path = '/v2/ivh/sessionmanager/sessionmanagerservice/createsessionbyasset'
  const Payload = { ReqId: '0'.repeat(32), AssetVirtualmanKey: 'a', UserId: 'u', DriverType: 1 }
  const answer = await fetch(`${url}${path}?${query}&signature=${encodeURIComponent(digest)}`, {
    method: 'POST',
    body: JSON.stringify({ Header: {}, Payload: { ...Payload, Protocol: 'rtmp' } }),
  })
  return (await answer.json()).Payload.SessionId
}

/** Starts the command, does with it what a user does, and ends it. */
async function tryOut(what, program, args, { how, port, ...options }) {
  // A group of its own: Ctrl-C at a terminal reaches npx and what it has started alike.
  const stdio = ['ignore', 'pipe', 'inherit']
  const child = spawn(program, args, { ...options, stdio, detached: true })
  const signal = (name) => process.kill(-child.pid, name)
  const ended = once(child, 'exit')
  try {
    const [ready] = await Promise.race([
      once(child.stdout, 'data'),
      ended.then(([code]) => Promise.reject(new Error(`the command ended with ${code}`))),
    ])
    check(String(ready).includes('IVH emulator ready'), `${what} starts`)
    const url = `http://127.0.0.1:${port}`
    const page = await fetch(`${url}/`)
    check((await page.text()).includes('IVH emulator'), `${what} has the status page`)
    check(/^m\d+$/.test(await createSession(url)), `${what} creates a session`)
    const [, ...health] = instruction('HEALTHCHECK').map((part) =>
      part.replace(instruction('EXPOSE'), port),
    )
    await run(process.execPath, health)
    check(true, 'the health check passes')
    // Docker waits ten seconds before it kills; an open page must not keep the command.
    const stream = await fetch(`${url}/__emulator/stream`)
    child.stdout.resume()
    const asked = Date.now()
    signal(how)
    const [code] = await ended
    check(Date.now() - asked < 10_000, `${how} ends it within ten seconds, with a page open`)
    await stream.body?.cancel().catch(() => {})
    const sick = await run(process.execPath, health).catch((error) => error)
    check(sick.code === 1, 'the health check fails when it is gone')
    if (program === process.execPath) check(code === 0, 'its exit code is 0')
  } finally {
    if (child.exitCode === null && child.signalCode === null) signal('SIGKILL')
  }
}

/** The keys that the compose file uses; one that Compose does not know would be an error there. */
function checkCompose(compose) {
  const known = ['services', 'build', 'context', 'dockerfile', 'command', 'ports']
  const keys = [...compose.matchAll(/^ *([a-z_-]+):/gm)].map(([, key]) => key)
  const others = keys.filter((key) => !known.includes(key) && key !== 'ivh-emulator')
  check(others.length === 0, `compose uses known keys only${others.map((key) => ` (${key})`)}`)
  check(
    existsSync(join(room, /context: (.+)/.exec(compose)?.[1] ?? '?', 'package.json')),
    'compose builds from the repository',
  )
  check(
    existsSync(join(root, /dockerfile: (.+)/.exec(compose)?.[1] ?? '?')),
    'compose names the Dockerfile',
  )
  const exposed = instruction('EXPOSE')
  check(
    compose.includes(`"127.0.0.1:${exposed}:${exposed}"`),
    'compose opens the port to this machine only',
  )
  check(
    compose.includes(`command: ${JSON.stringify(instruction('CMD')).replaceAll(',', ', ')}`),
    'compose and the image start the same',
  )
}

try {
  for (const line of lines.filter(
    (text) => text.startsWith('COPY ') && !text.includes('--from='),
  )) {
    for (const source of line.split(' ').slice(1, -1)) {
      check(existsSync(join(root, source)), `COPY ${source} is there`)
    }
  }
  check(dockerfile.includes(packageManager), `the image is built with ${packageManager}`)
  check(instruction('USER') === 'node', 'the command runs without the rights of root')
  const exposed = instruction('EXPOSE')
  for (const document of ['docs/emulator.md', 'packages/emulator/compose.yaml']) {
    check(
      readFileSync(join(root, document), 'utf8').includes(`127.0.0.1:${exposed}`),
      `${document} names port ${exposed}`,
    )
  }
  checkCompose(readFileSync(join(room, 'compose.yaml'), 'utf8'))

  const image = await build()
  chmodSync(folder, 0o755)
  const [program, ...entry] = instruction('ENTRYPOINT')
  check(program === 'node' && existsSync(join(image, entry[0])), `${entry[0]} is in the image`)
  // The port of the image may be taken on this machine.
  const port = String(await freePort())
  const args = instruction('CMD').map((argument) => (argument === exposed ? port : argument))
  check(args.includes(port), `it listens on the port that is exposed, ${exposed}`)
  await tryOut('the image', process.execPath, [...entry, ...args], {
    ...user,
    cwd: image,
    env: { NODE_ENV: 'production' },
    how: 'SIGTERM',
    port,
  })

  const project = join(folder, 'project')
  mkdirSync(project)
  const tarballs = [await pack('core'), await pack('emulator')]
  writeFileSync(join(project, 'package.json'), '{"private": true}')
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--legacy-peer-deps']
  await run('npm', ['install', ...flags, ...tarballs], { cwd: project })
  check(!existsSync(join(project, 'node_modules/hono')), 'npm installs no hono')
  const free = String(await freePort())
  const call = ['--no-install', 'ivh-emulator', '--port', free]
  await tryOut('npx ivh-emulator', 'npx', call, { cwd: project, how: 'SIGINT', port: free })
} catch (error) {
  console.error(`✗ ${error.message}`)
  if (error.stdout || error.stderr) console.error(`${error.stdout}${error.stderr}`.slice(-3000))
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
