import { setTimeout } from 'node:timers/promises'
import { createSessionBroker, type SessionBroker } from '@ivh-kit/broker'
import { IvhService } from '@ivh-kit/nestjs'
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common'
import type { DemoConfig } from './config.js'
import { demoConfigToken } from './demo-config.token.js'

/** Longest time that the page waits for the outcome of an utterance, in milliseconds. */
const answerAfterMs = 3_000

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
      onMessage: async ({ body, session }) => {
        const text = typeof body.text === 'string' ? body.text.trim().slice(0, 500) : ''
        if (text === '') return problem(400, 'The text is empty.')
        const speech = session.say(text)
        const failure = speech.finished.then(
          () => undefined,
          (error: unknown) => {
            // When a visitor leaves during a sentence, the session closes and the utterance rejects. Do not
            // log that.
            if (session.state === 'open') this.#logger.warn(String(error))
            return error
          },
        )
        // Answer with the first sound, or with an early failure, so that the page can show it. An utterance
        // that waits for its turn gets no answer in time and counts as accepted.
        const accepted = speech.started.then(
          () => undefined,
          () => failure,
        )
        const waited = setTimeout(answerAfterMs, undefined, { ref: false })
        const error = await Promise.race([failure, accepted, waited])
        return error === undefined ? undefined : problem(502, 'The digital human did not say it.')
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

/** A refusal in the form of the broker's own. */
function problem(status: number, message: string): Response {
  return Response.json({ problem: { message } }, { status })
}
