// The part of the protocol that needs zod. It loads with the first call.
export {
  type ChannelCommand,
  type ChannelCommandBody,
  channelCommandSchema,
  commandChannelPath,
} from './channel-commands'
export {
  type CommandRequest,
  commandRequestSchema,
  sendTextDataSchema,
  sendTextLimitBytes,
} from './command'
export {
  type CreateResponse,
  createResponseSchema,
  extraInfoSchema,
  protocolOptionSchema,
  type RequestContext,
} from './create-request'
export { type CreateSessionRequest, createSessionRequestSchema } from './create-session'
export {
  anchorParamSchema,
  type CreateSessionByAssetRequest,
  createSessionByAssetRequestSchema,
  speechParamSchema,
  videoLayerSchema,
} from './create-session-by-asset'
export {
  type DownlinkContentType,
  type DownlinkKind,
  type DownlinkMessage,
  type DownlinkPayload,
  downlinkSchema,
  readDownlink,
} from './downlink'
export {
  endpointSchemas,
  type InputOf,
  type OutputOf,
  type PayloadSchema,
} from './endpoint-schemas'
export {
  type RequestEnvelope,
  type ResponseEnvelope,
  type ResponseHeader,
  requestEnvelopeSchema,
  responseEnvelopeSchema,
  responseHeaderSchema,
} from './envelope'
export { explainIssues, type PayloadIssue } from './explain'
export {
  type DriverType,
  driverTypeSchema,
  protocolSchema,
  reqIdSchema,
  type StreamProtocol,
  sessionIdSchema,
  userIdSchema,
} from './fields'
export {
  type GetTrtcSignResponse,
  getTrtcSignRequestSchema,
  getTrtcSignResponseSchema,
} from './get-trtc-sign'
export {
  type ListedSession,
  type ListSessionsResponse,
  listedSessionSchema,
  listSessionOfAssetVkRequestSchema,
  listSessionOfProjectIdRequestSchema,
  listSessionOfUinRequestSchema,
  listSessionsResponseSchema,
} from './list-sessions'
export {
  type Acknowledgement,
  acknowledgementSchema,
  type SessionRequest,
  type StatSessionResponse,
  sessionRequestSchema,
  statSessionResponseSchema,
} from './session-calls'
export {
  imageParamSchema,
  spaceParamSchema,
  updateSessionConfigRequestSchema,
} from './update-session-config'
