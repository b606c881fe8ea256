import type { ResolvedGatewayOptions } from '../options'
import type { EmulatedSession } from '../sessions/emulated-session'

/** Returns one entry of the session lists. The last five fields are documented for the mainland only (1240/100393). */
export function listedSession(session: EmulatedSession, region: ResolvedGatewayOptions['region']) {
  const { request } = session
  const byAsset = request.createType === 'asset'
  return {
    UserId: request.userId,
    SessionId: session.id,
    SessionStatus: session.status,
    ...(session.playUrl !== undefined && { PlayStreamAddr: session.playUrl }),
    DriverType: request.driverType,
    IsSessionStarted: session.started,
    ...(region === 'mainland' && {
      VirtualmanType: 'small_sample_2d',
      CreateType: byAsset ? 1 : 0,
      VirtualmanKey: '',
      AssetVirtualmanKey: byAsset ? request.avatar : '',
      VirtualmanProjectId: byAsset ? '' : request.avatar,
    }),
  }
}
