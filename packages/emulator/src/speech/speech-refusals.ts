import { Refusal } from '../wire/refusal'

const wrongParameter = 'bad request parameter: Payload.'

export function nothingToDo(): Refusal {
  return new Refusal(
    100001,
    `${wrongParameter}Data needs a Text to speak, or Interrupt true without one`,
  )
}

export function reqIdUsed(): Refusal {
  return new Refusal(
    100001,
    `${wrongParameter}ReqId was used for another command; each command needs a fresh one`,
  )
}

export function wrongFirstSeq(seq: number): Refusal {
  return new Refusal(
    100001,
    `${wrongParameter}Data.Seq must be 1 in the first packet of a ReqId, got ${seq}`,
  )
}

export function wrongSsml(problem: string): Refusal {
  return new Refusal(
    100001,
    `${wrongParameter}Data.Text: ${problem} (an emulator with ssml: 'lenient' accepts it)`,
  )
}

export function audioPlaying(next: string): Refusal {
  return new Refusal(
    110015,
    `audio is playing: end it with IsFinal, wait for AudioOver, then send ${next}`,
  )
}

export function textPlaying(): Refusal {
  return new Refusal(
    110015,
    'a text is being spoken: interrupt it with an empty SEND_TEXT, wait for TextOver, then send audio',
  )
}

export function interruptTooEarly(): Refusal {
  return new Refusal(110015, 'an interrupt may be sent only after TextStart; wait for it')
}

export function commandInterrupted(): Refusal {
  return new Refusal(
    110015,
    'the command of this ReqId was interrupted; continue with a fresh ReqId',
  )
}

export function commandOver(): Refusal {
  return new Refusal(110015, 'the command of this ReqId is over; continue with a fresh ReqId')
}

export function textTooSoon(passedMs: number, spacingMs: number): Refusal {
  return new Refusal(
    100012,
    `this text comes ${passedMs} ms after the previous one; more than ${spacingMs} ms must lie between two`,
  )
}

export function audioNotSupported(): Refusal {
  return new Refusal(100001, 'SEND_AUDIO needs a session that was created with DriverType 3')
}
