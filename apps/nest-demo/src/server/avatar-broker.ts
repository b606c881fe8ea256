import { createSessionBroker, type SessionBroker } from '@ivh-kit/broker'
import { IvhService } from '@ivh-kit/nestjs'
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common'
import type { DemoConfig } from './config.js'
import { demoConfigToken } from './demo-config.token.js'

/** Opens a session with a digital human for each visitor of the page. */
@Injectable()
export class AvatarBroker implements BeforeApplicationShutdown {
  readonly broker: SessionBroker
  readonly #logger = new Logger('Avatar')

  constructor(
    @Inject(IvhService) ivh: IvhService,
    @Inject(demoConfigToken) { assetVirtualmanKey }: DemoConfig,
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
      // An application would ask its LLM here. `say` also takes the stream of the LLM's tokens.
      onMessage: ({ body, session }) => {
        const text = typeof body.text === 'string' ? body.text.trim().slice(0, 500) : ''
        if (text === '') {
          return Response.json({ problem: { message: 'The text is empty.' } }, { status: 400 })
        }
        session.say(text).finished.catch((error: unknown) => {
          // When a visitor leaves during a sentence, the session closes and the utterance rejects. Do not log
          // that.
          if (session.state === 'open') this.#logger.warn(String(error))
        })
        return undefined
      },
      // A page sends a beacon when its visitor leaves. The grace time is for a tab that crashed.
      graceMs: 1_500,
    })
  }

  /** Runs before the HTTP server stops, so that every page learns why its session ended. */
  beforeApplicationShutdown(): Promise<void> {
    return this.broker.close()
  }
}
