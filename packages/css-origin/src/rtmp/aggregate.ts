import { MessageType, type RtmpMessage } from './message'
import { RtmpProtocolError } from './protocol-error'

const tagHeaderBytes = 11
const backPointerBytes = 4

/**
 * Returns the messages in an aggregate message (RTMP 1.0, 7.1.6), which has the format of FLV tags. Their
 * times count from the time of the aggregate. Messages other than media and data are left out.
 *
 * @throws RtmpProtocolError when a length exceeds the remaining bytes.
 */
export function splitAggregate(aggregate: RtmpMessage): RtmpMessage[] {
  const { payload } = aggregate
  const messages: RtmpMessage[] = []
  let first: number | undefined
  let offset = 0
  while (offset < payload.length) {
    const body = offset + tagHeaderBytes
    if (body > payload.length) throw tooShort(payload.length - offset)
    const type = payload.readUInt8(offset)
    const end = body + payload.readUIntBE(offset + 1, 3)
    if (end > payload.length) throw tooShort(payload.length - offset)
    const time = (payload.readUIntBE(offset + 4, 3) | (payload.readUInt8(offset + 7) << 24)) >>> 0
    first ??= time
    if (carried.includes(type)) {
      const timestamp = (aggregate.timestamp + time - first) >>> 0
      messages.push({ ...aggregate, type, timestamp, payload: payload.subarray(body, end) })
    }
    // Some writers omit the last back pointer.
    offset = end + backPointerBytes
  }
  return messages
}

const carried: readonly number[] = [MessageType.audio, MessageType.video, MessageType.dataAmf0]

function tooShort(left: number): RtmpProtocolError {
  return new RtmpProtocolError(`an aggregate message needs more than the ${left} remaining bytes`)
}
