import type { Clock } from '../clock'
import type { FinalType, SpeakStatus } from './speak-status'

/** One drive request that is being spoken. */
export interface Utterance {
  readonly reqId: string
  /** Text may replace text; audio must end before anything else begins (1240/108576). */
  readonly kind: 'text' | 'stream' | 'audio'
  /** Its start was told: TextStart or AudioStart. */
  readonly started: boolean
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
  /** Moves the mouth for so long from now. */
  speak(milliseconds: number): void
  hush(): void
  /** The utterance has told its end. */
  done(): void
  /** Something that no message tells, for the event log. */
  note(detail: string): void
}

/** Roughly how fast an unhurried voice speaks; the mouth moves for so long per character. */
const millisecondsPerCharacter = 70

/** How long a text is spoken; its SSML tags are silent. */
export function spokenMilliseconds(text: string): number {
  return [...text.replace(/<\/?[a-z][^>]*>/gi, '')].length * millisecondsPerCharacter
}
