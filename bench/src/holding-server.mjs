// The emulator in a process of its own, with room for every session and ready at once.
import { createEmulator } from '@ivh-kit/emulator'

const emulator = await createEmulator({ appKey: 'k', accessToken: 't', concurrency: 100_000 })
process.send({ url: emulator.url })
process.on('disconnect', () => process.exit(0))
