import { CommanderError } from 'commander'
import { readCommandLine } from './command-line'
import { createEmulator, type EmulatorOptions } from './create-emulator'

try {
  await serve(readCommandLine(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // It has said what is wrong; a command that was called wrongly ends with 2.
  process.exitCode = error.exitCode === 0 ? 0 : 2
}

async function serve(options: EmulatorOptions): Promise<void> {
  try {
    const emulator = await createEmulator(options)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void emulator.close())
    }
    console.log(`IVH emulator ready: ${emulator.url}`)
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    console.error(
      inUse
        ? `Port ${options.port} is in use. Give another one with --port, or --port 0 for any free one.`
        : `The emulator did not start: ${error instanceof Error ? error.message : String(error)}`,
    )
    process.exitCode = 1
  }
}
