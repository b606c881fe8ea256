import { IvhConfigError } from '../errors'
import type { CreateDraft } from '../plugins/plugin'
import type { CreateSessionByAssetRequest, CreateSessionRequest } from '../protocol'

type AnyRequest = CreateSessionByAssetRequest & CreateSessionRequest

/** What an open decides by itself: the options have these under names of their own. */
const decided = {
  ReqId: true,
  SessionId: true,
  UserId: true,
  AssetVirtualmanKey: true,
  VirtualmanProjectId: true,
} as const satisfies Partial<Record<keyof AnyRequest, true>>

/** What may be given besides, and is checked. */
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
 * Fields of the create request under the wire's own names. Those that this version knows are checked like
 * the options; others are sent as they are.
 */
export type ExtraRequest = Partial<Pick<AnyRequest, keyof typeof known>> &
  Readonly<Record<string, unknown>>

/**
 * Puts the known fields into a draft. Of two objects under one name (`ProtocolOption`, `ExtraInfo`) the
 * members are put together; else what is given here wins.
 *
 * @throws IvhConfigError for a field that an option decides.
 */
export function withExtraRequest(draft: CreateDraft, extra: ExtraRequest | undefined): CreateDraft {
  if (!extra) return draft
  const misplaced = Object.keys(extra).filter((name) => Object.hasOwn(decided, name))
  if (misplaced.length > 0) {
    throw new IvhConfigError(`request of sessions.open holds ${misplaced.join(', ')}`, {
      hint: 'Give userId, sessionId, assetVirtualmanKey or virtualmanProjectId; the ReqId is made.',
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

/** The fields that this version does not know. */
export function unknownFields(extra: ExtraRequest | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(extra ?? {}).filter(([name]) => !Object.hasOwn(known, name)),
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
