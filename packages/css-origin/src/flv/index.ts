export { FlvReader } from './flv-reader'
export {
  encodeFlvHeader,
  encodeFlvTag,
  type FlvTag,
  FlvTagType,
  type FlvTagTypeId,
} from './flv-tag'
export {
  aacFrame,
  aacSequenceHeader,
  avcKeyFrame,
  avcSequenceHeader,
  isAudioSequenceHeader,
  type PayloadTraits,
  videoTraits,
} from './media-payload'
