// What the emulator's Dockerfile does, without Docker: its form is checked, the packages are packed and
// installed alone into an empty folder, the command is started there by a user without rights, its health
// check is asked, and SIGTERM ends it.
//   node scripts/check-image.mjs        after a build; dependencies come from the npm registry or its cache
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  const compose = readFileSync(join(room, 'compose.yaml'), 'utf8')
  check(existsSync(join(root, /dockerfile: (.+)/.exec(compose)?.[1] ?? '?')), 'compose names it')

  const tarballs = [await pack('core'), await pack('emulator')]
  writeFileSync(join(folder, 'package.json'), '{"private": true}')
  const flags = ['--prefer-offline', '--omit=dev', '--omit=peer', '--no-audit', '--no-fund']
  await run('npm', ['install', ...flags, ...tarballs], { cwd: folder })
  const installed = join(folder, 'node_modules/@ivh-kit/emulator')
  const [program, ...entry] = instruction('ENTRYPOINT')
  check(
    program === 'node' && existsSync(join(installed, entry[0])),
    `${entry[0]} is in the package`,
  )
  chmodSync(folder, 0o755)

  // The port of the image may be taken on this machine.
  const port = String(await freePort())
  const exposed = instruction('EXPOSE')
  const args = instruction('CMD').map((argument) => (argument === exposed ? port : argument))
  check(args.includes(port), `it listens on the port that is exposed, ${exposed}`)
  const child = spawn(process.execPath, [...entry, ...args], {
    ...user,
    cwd: installed,
    env: { NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  try {
    const [ready] = await Promise.race([
      once(child.stdout, 'data'),
      ended.then(([code]) => Promise.reject(new Error(`the command ended with ${code}`))),
    ])
    check(String(ready).includes('IVH emulator ready'), 'the command starts')
    const [, ...health] = instruction('HEALTHCHECK').map((part) => part.replace(exposed, port))
    await run(process.execPath, health)
    check(true, 'the health check passes')
    const page = await fetch(`http://127.0.0.1:${port}/`)
    check((await page.text()).includes('IVH emulator'), 'the status page is in the package')
    child.kill('SIGTERM')
    const [code] = await ended
    check(code === 0, 'SIGTERM ends it with code 0')
    const sick = await run(process.execPath, health).catch((error) => error)
    check(sick.code === 1, 'the health check fails when it is gone')
  } finally {
    child.kill('SIGKILL')
  }
} catch (error) {
  console.error(`✗ ${error.message}`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
