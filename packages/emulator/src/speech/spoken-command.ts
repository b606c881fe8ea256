import { reasonOf } from '@ivh-kit/kernel'
import type { MediaSpeech } from '../media-plane'
import type { CommandOutput } from './command-output'
import { spokenMilliseconds } from './ssml'

/** One command that is being spoken. */
export interface SpokenCommand {
  readonly reqId: string
  /** Text may replace text. Audio must end before another command starts (1240/108576). */
  readonly kind: 'text' | 'stream' | 'audio'
  /** True after TextStart or AudioStart was sent. */
  readonly started: boolean
  /** Silences the command. {@link cut} reports its end later. */
  hush(): void
  /** Silences the command and reports its end. */
  cut(): void
  /** Stops the command without a message, because the session is over. */
  abandon(): void
}

/**
 * Speaks a text. Calls `onStart` at its first sound and `onOver` after its last one, as the human
 * reports them; without such reports it estimates the duration. The returned function cancels both calls.
 */
export function followSpeech(
  output: CommandOutput,
  text: string,
  { onStart, onOver }: { readonly onStart: () => void; readonly onOver: () => void },
): () => void {
  const speech = output.say(text)
  if (!speech) {
    onStart()
    return output.clock.after(spokenMilliseconds(text), onOver)
  }
  return followMedia(output, speech, { onStart, onOver })
}

/** Follows a running speech as {@link followSpeech} does. When the voice fails, the command fails. */
export function followMedia(
  output: CommandOutput,
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
    output.fail(`the human could not speak: ${reasonOf(error)}`)
  })
  return () => {
    live = false
  }
}
