// Runs the pinned pnpm through npx, so that a machine with only Node and npm can do everything.
// No dependency may be imported here: this runs before anything is installed.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const { packageManager, engines } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
const windows = process.platform === 'win32'

/** Runs one pnpm command in the repository with its output on ours; resolves with the exit code. */
export function pnpm(args, { env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn('npx', ['--yes', '--prefer-offline', packageManager, ...args], {
      cwd: root,
      stdio: 'inherit',
      shell: windows,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', ...env },
    })
    // A terminal sends Ctrl-C to the child as well; SIGTERM reaches only us.
    const forward = () => child.kill('SIGTERM')
    const wait = () => {}
    process.on('SIGTERM', forward)
    process.on('SIGINT', wait)
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', forward)
      process.off('SIGINT', wait)
      if (signal || code === 130) process.exit(130)
      resolve(code ?? 1)
    })
  })
}

/** Like {@link pnpm}; ends the process with a clear line when the command fails. */
export async function pnpmOrExit(args, what) {
  const code = await pnpm(args)
  if (code === 0) return
  console.error(`\n${what} failed (exit code ${code}). The output above says why.`)
  process.exit(code)
}

/** Says what comes next. */
export function step(text) {
  console.log(`\n▸ ${text}`)
}

/** Installs what the lockfile says; from the local store alone when it holds everything. */
export async function install() {
  checkNode()
  step(`Installing dependencies with ${packageManager} (the first time takes about a minute)`)
  await pnpmOrExit(['install', '--frozen-lockfile', '--prefer-offline'], 'Installing')
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`This needs Node ${engines.node}; this is Node ${process.versions.node}.`)
  process.exit(1)
}
