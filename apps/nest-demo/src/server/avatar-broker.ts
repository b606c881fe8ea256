import { createSessionBroker, type SessionBroker } from '@ivh-kit/broker'
import { IvhService } from '@ivh-kit/nestjs'
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common'
import type { DemoConfig } from './config.js'
import { DEMO_CONFIG } from './demo-config.token.js'

/** Gives every visitor of the page a digital human of their own. */
@Injectable()
export class AvatarBroker implements BeforeApplicationShutdown {
  readonly broker: SessionBroker
  readonly #logger = new Logger('Avatar')

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
      // Here an application asks its LLM; `say` takes the stream of its tokens as it is.
      onMessage: ({ body, session }) => {
        const text = typeof body.text === 'string' ? body.text.trim().slice(0, 500) : ''
        if (text === '')
          return Response.json({ problem: { message: 'Nothing to say.' } }, { status: 400 })
        session.say(text).finished.catch((error: unknown) => {
          // Who leaves in the middle of a sentence ends it as well.
          if (session.state === 'open') this.#logger.warn(String(error))
        })
        return undefined
      },
      // The page says goodbye by a beacon; this is for the tab that crashed.
      graceMs: 1_500,
    })
  }

  /** Before the HTTP server stops, so that every page hears why its session ended. */
  beforeApplicationShutdown(): Promise<void> {
    return this.broker.close()
  }
}
