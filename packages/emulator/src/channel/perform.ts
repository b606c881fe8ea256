import type { Speaker } from '../speech/speaker'
import { Refusal } from '../wire/refusal'
import type { Uplink } from './uplink'

const markup = /<\/?(?:speak|phoneme|break|word|sub|say-as|insert-action)\b/i

/** Performs the command of a message. @throws Refusal when the command is not allowed. */
export function perform(uplink: Uplink, speaker: Speaker): void {
  switch (uplink.Command) {
    case 'SEND_HEARTBEAT':
      return
    case 'SEND_TEXT': {
      const { Text = '', Interrupt = false, VideoSeiInfo: seiData } = uplink.Data
      speaker.text(uplink.ReqId, { text: Text, interrupt: Interrupt, seiData })
      return
    }
    case 'SEND_STREAMTEXT':
      sendStreamText(uplink.ReqId, uplink.Data, speaker)
      return
    case 'SEND_AUDIO':
      sendAudio(uplink.ReqId, uplink.Data, speaker)
      return
  }
}

type DataOf<Command extends Uplink['Command']> = Extract<Uplink, { Command: Command }>['Data']

function sendStreamText(reqId: string, data: DataOf<'SEND_STREAMTEXT'>, speaker: Speaker): void {
  const { Text: text, Seq: seq, IsSentence: sentence = false } = data
  if (data.Interrupt && text === '') {
    // The service ignores an interrupt without a `Seq` or with `Seq` 0 (1240/100399).
    if (seq) speaker.cut(reqId)
    return
  }
  if (seq === undefined) throw wrong('Seq is required (integer)')
  if (data.IsInsertSentence && !sentence) throw wrong('IsInsertSentence needs IsSentence true')
  if (!sentence && markup.test(text)) {
    throw wrong('Text may hold SSML only in sentence mode (IsSentence true)')
  }
  const final = data.IsFinal ?? false
  const insert = data.IsInsertSentence ?? false
  speaker.streamText(reqId, { seq, text, final, sentence, insert }, data.VideoSeiInfo)
}

function sendAudio(reqId: string, data: DataOf<'SEND_AUDIO'>, speaker: Speaker): void {
  const { Audio: audio, Seq: seq, IsFinal: final = false } = data
  if (data.Interrupt && !audio) {
    speaker.cut(reqId)
    return
  }
  if (audio === undefined) throw wrong('Audio is required (base64)')
  if (seq === undefined) throw wrong('Seq is required (integer)')
  if (audio === '' && !final) throw wrong('Audio may be empty only in the final packet')
  speaker.audio(reqId, { seq, pcm: Buffer.from(audio, 'base64'), final }, data.VideoSeiInfo)
}

function wrong(detail: string): Refusal {
  return new Refusal(100001, `bad request parameter: Payload.Data.${detail}`)
}
