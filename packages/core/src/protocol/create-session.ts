import * as z from 'zod'
import { createRequestFields, type RequestContext } from './create-request'
import { filledString, wholeNumber } from './fields'

/** `createsession`: a stream from a platform project, which brings voice and scene (1211/62102). */
export function createSessionRequestSchema(context: RequestContext) {
  return z.strictObject({
    ...createRequestFields(context),
    VirtualmanProjectId: filledString,
  })
}
export type CreateSessionRequest = z.input<ReturnType<typeof createSessionRequestSchema>>

/** `SpeechParam` (1211/62103). The live-room API uses other units for the same names. */
export const speechParamSchema = z.strictObject({
  /** Percent of normal speed; the service uses 100 when absent. */
  Speed: z
    .number()
    .min(50, { error: 'must be 50–200 (percent of normal speed)' })
    .max(200, { error: 'must be 50–200 (percent of normal speed)' })
    .optional(),
  TimbreKey: filledString.optional(),
  /** Decibels relative to normal; the service uses 0 when absent. */
  Volume: z
    .int({ error: 'must be a whole number of decibels, −10 to 10' })
    .min(-10, { error: 'must be −10 to 10 (decibels)' })
    .max(10, { error: 'must be −10 to 10 (decibels)' })
    .optional(),
  TimbreLanguage: filledString.optional(),
})

const atLeastOnePixel = 'must be at least 1 (pixel)'

/**
 * A background or foreground. The vendor's table is not public. The members come from client code of the
 * related live-room API; other fields are accepted.
 */
export const videoLayerSchema = z.looseObject({
  Url: filledString,
  X: wholeNumber.optional(),
  Y: wholeNumber.optional(),
  Width: wholeNumber.min(1, { error: atLeastOnePixel }).optional(),
  Height: wholeNumber.min(1, { error: atLeastOnePixel }).optional(),
})

const positionRange = 'must be −0.5 to 0.5'
const position = z.number().min(-0.5, { error: positionRange }).max(0.5, { error: positionRange })
const scaleRange = 'must be above 0 and at most 10'

/**
 * `AnchorParam`. The vendor's table is not public. Tencent's Android SDK sends `SilenceActionDisabled`; the
 * other members come from the live-room API (1240/112140); other fields are accepted.
 */
export const anchorParamSchema = z.looseObject({
  SilenceActionDisabled: z.boolean().optional(),
  HorizontalPosition: position.optional(),
  VerticalPosition: position.optional(),
  Scale: z.number().positive({ error: scaleRange }).max(10, { error: scaleRange }).optional(),
})

const layerLimit = 5

/** `createsessionbyasset`: a stream from an avatar asset (1211/62103, 1240/106612). */
export function createSessionByAssetRequestSchema(context: RequestContext) {
  return z
    .strictObject({
      ...createRequestFields(context),
      AssetVirtualmanKey: filledString,
      SpeechParam: speechParamSchema.optional(),
      Backgrounds: z.array(videoLayerSchema).optional(),
      Foregrounds: z.array(videoLayerSchema).optional(),
      AnchorParam: anchorParamSchema.optional(),
    })
    .check((ctx) => {
      const layers = (ctx.value.Backgrounds?.length ?? 0) + (ctx.value.Foregrounds?.length ?? 0)
      if (layers > layerLimit) {
        ctx.issues.push({
          code: 'custom',
          path: ['Backgrounds'],
          message: `and Foregrounds may hold ${layerLimit} layers together, got ${layers}`,
          input: undefined,
        })
      }
    })
}
export type CreateSessionByAssetRequest = z.input<
  ReturnType<typeof createSessionByAssetRequestSchema>
>
