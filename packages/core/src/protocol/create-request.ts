import * as z from 'zod'
import { parseCssPushUrl } from './css-push-url'
import {
  driverTypeSchema,
  filledString,
  protocolSchema,
  reqIdSchema,
  sessionIdSchema,
  userIdSchema,
  wholeNumber,
} from './fields'

/** The facts that the check of a create request needs besides its fields. */
export interface RequestContext {
  /** `private` allows the caller to choose the SessionId; public cloud (`saas`) assigns it. */
  readonly environment: 'saas' | 'private'
  /** Milliseconds since the epoch; an expired push URL is refused. */
  readonly now: () => number
}

function wholeWithin(min: number, max: number, error: string) {
  return z.int({ error }).min(min, { error }).max(max, { error })
}

/** `ProtocolOption` (1211/62103, 1240/100388). */
export function protocolOptionSchema(context: RequestContext) {
  return z
    .strictObject({
      TrtcUseExternalApp: z.boolean().optional(),
      TrtcAppId: z
        .string({ error: 'must be the TRTC SDKAppId as a string' })
        .regex(/^\d+$/, { error: 'must be the TRTC SDKAppId as a string of digits' })
        .optional(),
      TrtcRoomId: wholeWithin(1, 4294967294, 'must be a whole number, 1 to 4294967294').optional(),
      TrtcStrRoomId: filledString.optional(),
      TrtcAutoGenRoomIdType: z
        .literal([0, 1], { error: 'must be 0 (numeric room) or 1 (string room)' })
        .optional(),
      TrtcUserSig: filledString.optional(),
      TrtcPrivateMapKey: filledString.optional(),
      CssCustomPushUrl: z.string().optional(),
    })
    .check((ctx) => {
      const option = ctx.value
      const report = (field: string, message: string) =>
        ctx.issues.push({ code: 'custom', path: [field], message, input: undefined })

      if (option.TrtcUseExternalApp) {
        for (const field of ['TrtcAppId', 'TrtcUserSig', 'TrtcPrivateMapKey'] as const) {
          if (option[field] === undefined) {
            report(field, 'is required when TrtcUseExternalApp is true')
          }
        }
        if (option.TrtcRoomId === undefined && option.TrtcStrRoomId === undefined) {
          report('TrtcRoomId', 'or TrtcStrRoomId is required when TrtcUseExternalApp is true')
        }
      }
      if (option.CssCustomPushUrl !== undefined) {
        const result = parseCssPushUrl(option.CssCustomPushUrl)
        if (!result.ok) report('CssCustomPushUrl', result.problem)
        else if (result.url.expiresAt * 1000 <= context.now()) {
          const expired = new Date(result.url.expiresAt * 1000).toISOString()
          report('CssCustomPushUrl', `expired at ${expired}; sign a new one for every session`)
        }
      }
    })
}

/**
 * `ExtraInfo`. The vendor's table is only partly public, so other fields are accepted.
 * `AlphaChannelEnable` puts an alpha plane beside the picture (1240/112140).
 */
export const extraInfoSchema = z.looseObject({
  AlphaChannelEnable: z.boolean().optional(),
  AlphaPadDisable: z.boolean().optional(),
})

/** The fields that createsession and createsessionbyasset share (1211/62102, 1211/62103). */
export function createRequestFields(context: RequestContext) {
  return {
    ReqId: reqIdSchema,
    SessionId:
      context.environment === 'private'
        ? sessionIdSchema.optional()
        : z
            .undefined({
              error:
                'is assigned by the public cloud and must not be sent; only environment: "private" takes it',
            })
            .optional(),
    UserId: userIdSchema,
    Protocol: protocolSchema,
    DriverType: driverTypeSchema,
    ProtocolOption: protocolOptionSchema(context).optional(),
    ExtraInfo: extraInfoSchema.optional(),
    StreamMaxInterval: wholeWithin(
      2000,
      6000,
      'must be a whole number of milliseconds, 2000 to 6000',
    ).optional(),
    /** Undocumented; Tencent's H5 SDK always sends 180. The unit is probably seconds. */
    Timeout: wholeNumber.min(1, { error: 'must be at least 1' }).optional(),
  } as const
}

/** The response of both create calls. `PlayStreamAddr` is absent with a custom push URL. */
export const createResponseSchema = z.looseObject({
  ReqId: z.string().nullish(),
  SessionId: z.string().min(1),
  SessionStatus: z.number(),
  PlayStreamAddr: z.string().nullish(),
})
export type CreateResponse = z.infer<typeof createResponseSchema>
