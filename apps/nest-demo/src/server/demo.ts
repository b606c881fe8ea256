import 'reflect-metadata'
import { portFromEnvironment } from './config.js'
import { createApp } from './create-app.js'
import { closeOnSignal, listen } from './listen.js'
import { startLocalCloud } from './local-cloud.js'

const print = (message: string) => process.stdout.write(`${message}\n`)
const emulatorLog = {
  info: (text: string) => print(`  ${text}`),
  warn: (text: string) => print(`! ${text}`),
}

try {
  const port = portFromEnvironment(process.env)
  const cloud = await startLocalCloud(emulatorLog)
  const app = await createApp(cloud.config)
  const close = async () => {
    // Close the application first, because its sessions need the emulator to close.
    await app.close()
    await cloud.close()
    print('All sessions closed, all servers stopped.')
  }
  closeOnSignal(() => {
    print('\nClosing …')
    return close()
  })
  try {
    const url = await listen(app, port)
    print(`IVH emulator: ${cloud.emulator.url}`)
    print(`Demo ready: ${url}`)
  } catch (error) {
    await close()
    throw error
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
