import { channelUrl } from '../channel/channel-url'
import { CommandChannel } from '../channel/command-channel'
import { openingWebSockets } from '../channel/web-socket/open-web-socket'
import { AudioUtterance } from '../speech/audio-utterance'
import { Drives } from '../speech/drives'
import { SpeechQueue } from '../speech/speech-queue'
import { StreamUtterance } from '../speech/stream-utterance'
import { TextSpacing } from '../speech/text-spacing'
import { TextUtterance } from '../speech/text-utterance'

/**
 * What a session is driven with: its channel, and what goes over it. Sessions are given it by who opens
 * them, as it is loaded with the first of them. One object, because a namespace would bring the bundler's
 * helper along, in a file that every import of the package reads.
 */
export const driving = {
  AudioUtterance,
  CommandChannel,
  Drives,
  SpeechQueue,
  StreamUtterance,
  TextSpacing,
  TextUtterance,
  channelUrl,
  openingWebSockets,
}
export type Driving = typeof driving
