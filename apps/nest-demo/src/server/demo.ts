import 'reflect-metadata'
import { portFromEnvironment } from './config.js'
import { createApp } from './create-app.js'
import { closeOnSignal, listen } from './listen.js'
import { startLocalCloud } from './local-cloud.js'

const say = (message: string) => process.stdout.write(`${message}\n`)
const emulatorLog = {
  info: (text: string) => say(`  ${text}`),
  warn: (text: string) => say(`! ${text}`),
}

try {
  const port = portFromEnvironment(process.env)
  const cloud = await startLocalCloud(emulatorLog)
  const app = await createApp(cloud.config)
  const close = async () => {
    // The application first: it closes its sessions while there is still a gateway to tell.
    await app.close()
    await cloud.close()
    say('All sessions closed, all servers stopped.')
  }
  closeOnSignal(() => {
    say('\nClosing …')
    return close()
  })
  try {
    const url = await listen(app, port)
    say(`IVH emulator: ${cloud.emulator.url}`)
    say(`Demo ready: ${url}`)
  } catch (error) {
    await close()
    throw error
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
