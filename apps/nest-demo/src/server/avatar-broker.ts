import { createSessionBroker, type SessionBroker } from '@ivh-kit/broker'
import { IvhService } from '@ivh-kit/nestjs'
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common'
import type { DemoConfig } from './config.js'
import { DEMO_CONFIG } from './demo-config.token.js'

/** Gives every visitor of the page a digital human of their own. */
@Injectable()
export class AvatarBroker implements BeforeApplicationShutdown {
  readonly broker: SessionBroker

  constructor(
    @Inject(IvhService) ivh: IvhService,
    @Inject(DEMO_CONFIG) { assetVirtualmanKey }: DemoConfig,
  ) {
    this.broker = createSessionBroker({
      open: ({ visitorId, signal, onProgress }) =>
        ivh.sessions.open({
          assetVirtualmanKey,
          userId: visitorId,
          protocol: 'rtmp',
          signal,
          onProgress,
        }),
      // The page says goodbye by a beacon; this is for the tab that crashed.
      graceMs: 1_500,
    })
  }

  /** Before the HTTP server stops, so that every page hears why its session ended. */
  beforeApplicationShutdown(): Promise<void> {
    return this.broker.close()
  }
}
