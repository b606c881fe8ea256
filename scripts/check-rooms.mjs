// Checks the directions of imports with dependency-cruiser: between rooms (tests included), and between the
// folders of a room. The rules are in .dependency-cruiser.mjs.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './pnpm.mjs'

const sources = readdirSync(join(root, 'packages')).map((room) => `packages/${room}/src`)
const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
const checks = { 'Imports between the rooms': '1', 'Folders inside each room': '' }

for (const [name, withTests] of Object.entries(checks)) {
  console.log(name)
  const { status } = spawnSync(
    process.execPath,
    [depcruise, '--config', '.dependency-cruiser.mjs', ...sources],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ROOMS_WITH_TESTS: withTests } },
  )
  if (status !== 0) process.exitCode = 1
}
