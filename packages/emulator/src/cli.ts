import { CommanderError } from 'commander'
import { type CommandLine, readCommandLine } from './command-line'
import { createEmulator, type Emulator } from './create-emulator'
import { type RunningMedia, startMedia } from './media-module'
import { stopWithNpx } from './parent-watch'
import { startFailure } from './start-failure'
import { welcome } from './welcome'

// The emulator continues when the reader of its output ends, as in `ivh-emulator | head`.
process.stdout.on('error', () => {})

/** SIGHUP: the terminal was closed. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

try {
  await serve(readCommandLine(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Commander has printed the problem. A wrong command line ends with exit code 2.
  process.exitCode = error.exitCode === 0 ? 0 : 2
}

async function serve({ mediaModule, ...options }: CommandLine): Promise<void> {
  let emulator: Emulator
  let media: RunningMedia | undefined
  try {
    media = await startMedia(mediaModule, options.host)
    emulator = await createEmulator({ ...options, media })
  } catch (error) {
    await media?.close()
    console.error(await startFailure(error, options))
    process.exitCode = 1
    return
  }
  const logs = options.logger !== undefined
  // Handle only the first signal: a second one finds no handler and ends the process at once.
  const stop = () => {
    for (const signal of stopSignals) process.off(signal, stop)
    const live = emulator.sessions.filter(({ status }) => status === 1 || status === 3).length
    if (logs) {
      const sessions = live === 1 ? '1 live session' : `${live} live sessions`
      console.log(
        live === 0
          ? 'Stopping.'
          : `Stopping: ${sessions} will be ended. Press Ctrl-C again to stop at once.`,
      )
    }
    const closed = emulator.close().then(() => media?.close())
    void closed.then(() => {
      if (logs) console.log('IVH emulator stopped.')
    })
  }
  for (const signal of stopSignals) process.on(signal, stop)
  stopWithNpx(stop)
  // Install the signal handlers before this line is printed: a program that reads the line may send a signal.
  console.log(`IVH emulator ready: ${emulator.url}`)
  if (logs) console.log(welcome(emulator.url, options, media?.url))
}
