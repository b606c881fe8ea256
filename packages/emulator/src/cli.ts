import { CommanderError } from 'commander'
import { type CommandLine, readCommandLine } from './command-line'
import { createEmulator, type Emulator } from './create-emulator'
import { type RunningMedia, startMedia } from './media-module'
import { whyNotStarted } from './start-failure'
import { welcome } from './welcome'

// Whoever reads along may leave, as in `ivh-emulator | head`; the emulator goes on.
process.stdout.on('error', () => {})

try {
  await serve(readCommandLine(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // It has said what is wrong; a command that was called wrongly ends with 2.
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
    console.error(await whyNotStarted(error, options))
    process.exitCode = 1
    return
  }
  const talks = options.logger !== undefined
  // A second signal of either kind finds nobody who listens, and ends the process at once.
  const stop = () => {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    const live = emulator.sessions.filter(({ status }) => status === 1 || status === 3).length
    if (talks) {
      const sessions = live === 1 ? '1 live session' : `${live} live sessions`
      console.log(
        live === 0
          ? 'Stopping.'
          : `Stopping: ${sessions} will be ended. Ctrl-C again does not wait.`,
      )
    }
    const closed = emulator.close().then(() => media?.close())
    void closed.then(() => {
      if (talks) console.log('IVH emulator stopped.')
    })
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  // Whoever reads that it is ready may stop it.
  console.log(`IVH emulator ready: ${emulator.url}`)
  if (talks) console.log(welcome(emulator.url, options, media?.url))
}
