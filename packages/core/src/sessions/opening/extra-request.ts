import type { CreateDraft } from '../../contracts/plugin'
import { IvhConfigError } from '../../errors'
import type { CreateSessionByAssetRequest, CreateSessionRequest } from '../../protocol'

type AnyRequest = CreateSessionByAssetRequest & CreateSessionRequest

/** Fields that options of other names set. */
const decided = {
  ReqId: true,
  SessionId: true,
  UserId: true,
  AssetVirtualmanKey: true,
  VirtualmanProjectId: true,
} as const satisfies Partial<Record<keyof AnyRequest, true>>

/** Fields that `request` may set. They are checked. */
const known = {
  Protocol: true,
  DriverType: true,
  ProtocolOption: true,
  ExtraInfo: true,
  StreamMaxInterval: true,
  Timeout: true,
  SpeechParam: true,
  Backgrounds: true,
  Foregrounds: true,
  AnchorParam: true,
} as const satisfies Record<Exclude<keyof AnyRequest, keyof typeof decided>, true>

/**
 * Fields of the create request in the wire's own names. Known fields are checked, unknown fields are sent
 * unchanged.
 */
export type ExtraRequest = Partial<Pick<AnyRequest, keyof typeof known>> &
  Readonly<Record<string, unknown>>

/**
 * Merges the known fields into a draft. Objects (`ProtocolOption`, `ExtraInfo`) are merged by member; other
 * values override the draft's.
 *
 * @throws IvhConfigError for a field that an option sets.
 */
export function withExtraRequest(draft: CreateDraft, extra: ExtraRequest | undefined): CreateDraft {
  if (!extra) return draft
  const misplaced = Object.keys(extra).filter((name) => Object.hasOwn(decided, name))
  if (misplaced.length > 0) {
    throw new IvhConfigError(`request of sessions.open holds ${misplaced.join(', ')}`, {
      hint: 'Use the options userId, sessionId, assetVirtualmanKey or virtualmanProjectId. The ReqId is generated.',
    })
  }
  const merged: Record<string, unknown> = { ...draft }
  for (const [name, value] of Object.entries(extra)) {
    const before = merged[name]
    if (!Object.hasOwn(known, name)) continue
    merged[name] = isObject(before) && isObject(value) ? { ...before, ...value } : value
  }
  return { ...draft, ...merged }
}

export function unknownFields(extra: ExtraRequest | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(extra ?? {}).filter(([name]) => !Object.hasOwn(known, name)),
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
