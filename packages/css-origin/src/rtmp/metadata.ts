import { type Amf0Object, EcmaArray, encodeAmf0 } from './amf0'

const SET_DATA_FRAME = encodeAmf0('@setDataFrame')
const ON_META_DATA = encodeAmf0('onMetaData')

/** Returns the payload of a data message that sets the stream's metadata. */
export function setMetadata(metadata: Amf0Object): Buffer {
  return Buffer.concat([SET_DATA_FRAME, ON_META_DATA, encodeAmf0(new EcmaArray(metadata))])
}

/**
 * Returns the metadata in a data message, in the form for viewers, without the command `@setDataFrame`.
 * Returns undefined for other data, such as cue points.
 */
export function readMetadata(payload: Buffer): Buffer | undefined {
  const data = beginsWith(payload, SET_DATA_FRAME)
    ? payload.subarray(SET_DATA_FRAME.length)
    : payload
  return beginsWith(data, ON_META_DATA) ? data : undefined
}

function beginsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start)
}
