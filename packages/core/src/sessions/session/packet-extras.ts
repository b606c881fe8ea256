import type { SayOptions } from '../../contracts/speech'
import type { StreamExtras } from '../../speech/utterance/stream-utterance'
import type { TextExtras } from '../../speech/utterance/text-utterance'

/** The members of a SEND_TEXT packet that the options of `say` set. */
export function textExtras(options: SayOptions): TextExtras {
  const { chat, interrupt, seiInfo, smartActions } = options
  const round = typeof chat === 'object' ? chat : {}
  return {
    // Add `ChatCommand`: without it a project with a chat bot treats the text as a question (1240/100397).
    ...(!chat && { ChatCommand: 'NotUseChat' }),
    ...(round.roundId !== undefined && { ChatRoundId: round.roundId }),
    ...(round.visitorId !== undefined && { CloudAiVisitorBizId: round.visitorId }),
    ...(interrupt && { Interrupt: true }),
    ...streamExtras({ seiInfo, smartActions }),
  }
}

/** The members of a SEND_STREAMTEXT packet that the options of `say` set. */
export function streamExtras({ seiInfo, smartActions }: SayOptions): StreamExtras {
  return {
    ...(smartActions !== undefined && { SmartActionEnabled: smartActions }),
    ...(seiInfo !== undefined && { VideoSeiInfo: seiInfo }),
  }
}
