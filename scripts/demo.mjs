// `npm run demo`: installs, builds, and runs the demo in this very process, so that a signal reaches it
// directly and nothing is left behind.
import { install, pnpmOrExit, step } from './pnpm.mjs'

await install()
step('Building (cached after the first time)')
await pnpmOrExit(
  ['exec', 'turbo', 'run', 'build', '--filter=nest-demo...', '--output-logs=errors-only'],
  'Building',
)

step('Starting the emulator and the demo')
const parent = process.ppid
const orphanWatch = setInterval(() => {
  // A shell between npm and us may die of a signal that it does not pass on.
  if (process.ppid !== parent) process.emit('SIGTERM', 'SIGTERM')
}, 500)
orphanWatch.unref()
await import(new URL('../apps/nest-demo/dist/server/demo.js', import.meta.url).href)
