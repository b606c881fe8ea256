import type { Clock } from '../clock'
import type { MediaAudio, MediaSpeech } from '../media-plane'
import type { FinalType, SpeakStatus } from './speak-status'
import { spokenMilliseconds } from './ssml'

/** One drive request that is being spoken. */
export interface Utterance {
  readonly reqId: string
  /** Text may replace text; audio must end before anything else begins (1240/108576). */
  readonly kind: 'text' | 'stream' | 'audio'
  /** Its start was told: TextStart or AudioStart. */
  readonly started: boolean
  /** Silences it now; its end is yet to be told, by {@link cut}. */
  hush(): void
  /** Silences it now and tells its end. */
  cut(): void
  /** Forgets it without a word: the session is over. */
  abandon(): void
}

/** What an utterance plays on: it is bound to the utterance's ReqId. */
export interface Stage {
  readonly clock: Clock
  /** From the command to the first sound, in milliseconds. */
  readonly delayMs: number
  status(status: SpeakStatus, detail?: { seq?: number; finalType?: FinalType }): void
  /** Tells the text that is spoken now. */
  content(seq: number, text: string): void
  /** Has the human say it from now on; undefined when nobody does, or nobody knows how long it takes. */
  say(text: string): MediaSpeech | undefined
  /** Has the human play audio from now on. */
  play(): MediaAudio | undefined
  hush(): void
  /** Tells that the drive failed, with the state Error; the utterance is over. */
  fail(why: string): void
  /** The utterance has told its end. */
  done(): void
  /** Something that no message tells, for the event log. */
  note(detail: string): void
}

/**
 * Calls `onStart` when a text is heard and `onOver` when that is over: by the human's word if it gives
 * one, and else by an estimate. The returned function cancels both.
 */
export function followSpeech(
  stage: Stage,
  text: string,
  { onStart, onOver }: { readonly onStart: () => void; readonly onOver: () => void },
): () => void {
  const speech = stage.say(text)
  if (!speech) {
    onStart()
    return stage.clock.after(spokenMilliseconds(text), onOver)
  }
  return followMedia(stage, speech, { onStart, onOver })
}

/** The same for what a human says or plays. A voice that fails ends its utterance with Error. */
export function followMedia(
  stage: Stage,
  speech: MediaSpeech,
  { onStart, onOver }: { readonly onStart: () => void; readonly onOver: () => void },
): () => void {
  let live = true
  let begun = false
  const begin = () => {
    if (!live || begun) return
    begun = true
    onStart()
  }
  const over = () => {
    begin()
    if (!live) return
    live = false
    onOver()
  }
  speech.started.then(begin, () => {})
  speech.finished.then(over, (error: unknown) => {
    if (!live) return
    live = false
    stage.fail(
      `the human could not speak: ${error instanceof Error ? error.message : String(error)}`,
    )
  })
  return () => {
    live = false
  }
}
