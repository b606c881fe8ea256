import type { Logger } from '../logger'

interface MaybeTrtcRequest {
  readonly Protocol?: unknown
  readonly ProtocolOption?: { readonly TrtcUseExternalApp?: boolean | undefined } | undefined
}

/** Warns once per client when a create request uses the platform's shared TRTC app (1211/62103). */
export function createSharedTrtcWarning(logger: Logger): (payload: MaybeTrtcRequest) => void {
  let warned = false
  return (payload) => {
    if (warned || payload.Protocol !== 'trtc' || payload.ProtocolOption?.TrtcUseExternalApp) return
    warned = true
    logger.warn(
      'Protocol "trtc" without TrtcUseExternalApp uses the shared TRTC app of the platform, which is for debugging only. Give your own app in ProtocolOption before production.',
    )
  }
}
