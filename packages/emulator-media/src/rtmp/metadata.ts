import { type Amf0Object, EcmaArray, encodeAmf0 } from './amf0'

const SET_DATA_FRAME = encodeAmf0('@setDataFrame')
const ON_META_DATA = encodeAmf0('onMetaData')

/** A data message that makes `metadata` the stream's metadata. */
export function setMetadata(metadata: Amf0Object): Buffer {
  return Buffer.concat([SET_DATA_FRAME, ON_META_DATA, encodeAmf0(new EcmaArray(metadata))])
}

/**
 * The metadata in a data message as a viewer gets it: `@setDataFrame` is an order to the server
 * and not part of it. Other data, such as cue points, gives undefined.
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
