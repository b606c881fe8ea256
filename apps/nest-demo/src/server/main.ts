import 'reflect-metadata'
import { configFromEnvironment, portFromEnvironment } from './config.js'
import { createApp } from './create-app.js'
import { closeOnSignal, listen } from './listen.js'

// Runs the backend with a real account. `demo.ts` runs it with the emulated cloud.
try {
  const app = await createApp(configFromEnvironment(process.env))
  closeOnSignal(() => app.close())
  process.stdout.write(`Ready: ${await listen(app, portFromEnvironment(process.env))}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
