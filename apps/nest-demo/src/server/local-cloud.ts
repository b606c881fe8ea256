import { randomBytes } from 'node:crypto'
import { createCssOrigin } from '@ivh-kit/css-origin'
import { createEmulator, defaultCredentials, type Emulator, type Logger } from '@ivh-kit/emulator'
import { createMediaPlane } from '@ivh-kit/emulator-media'
import type { DemoConfig } from './config.js'

/** The emulated cloud: the IVH service, a CSS domain and the digital human. */
export interface LocalCloud {
  readonly config: DemoConfig
  readonly emulator: Emulator
  close(): Promise<void>
}

/** Starts the emulated cloud on free ports with random keys. */
export async function startLocalCloud(logger: Logger): Promise<LocalCloud> {
  const pushKey = randomBytes(16).toString('hex')
  const playKey = randomBytes(16).toString('hex')
  const origin = await createCssOrigin({ pushKeys: [pushKey], playKeys: [playKey] })
  const media = await createMediaPlane({ pcmSink: origin })
  const emulator = await createEmulator({ media, logger, prepareMs: 800 })
  return {
    emulator,
    config: {
      ivh: { ...defaultCredentials, baseUrl: emulator.url },
      css: {
        pushDomain: origin.domain,
        playDomain: origin.domain,
        pushKey,
        playKey,
        secure: false,
      },
      assetVirtualmanKey: 'demo-presenter',
    },
    async close() {
      await emulator.close()
      await media.close()
      await origin.close()
    },
  }
}
