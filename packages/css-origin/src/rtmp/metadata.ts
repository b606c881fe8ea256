import { type Amf0Object, EcmaArray, encodeAmf0 } from './amf0'

const setDataFrame = encodeAmf0('@setDataFrame')
const onMetaData = encodeAmf0('onMetaData')

/** Returns the payload of a data message that sets the stream's metadata. */
export function setMetadata(metadata: Amf0Object): Buffer {
  return Buffer.concat([setDataFrame, onMetaData, encodeAmf0(new EcmaArray(metadata))])
}

/**
 * Returns the metadata in a data message, in the form for viewers, without the command `@setDataFrame`.
 * Returns undefined for other data, such as cue points.
 */
export function readMetadata(payload: Buffer): Buffer | undefined {
  const data = beginsWith(payload, setDataFrame) ? payload.subarray(setDataFrame.length) : payload
  return beginsWith(data, onMetaData) ? data : undefined
}

function beginsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start)
}
