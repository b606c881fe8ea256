import 'reflect-metadata'
import { configFromEnvironment, portFromEnvironment } from './config.js'
import { createApp } from './create-app.js'
import { closeOnSignal, listen } from './listen.js'

// The backend against a real account. `demo.ts` is the same application against the emulator.
try {
  const app = await createApp(configFromEnvironment(process.env))
  closeOnSignal(() => app.close())
  process.stdout.write(`Ready: ${await listen(app, portFromEnvironment(process.env))}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
