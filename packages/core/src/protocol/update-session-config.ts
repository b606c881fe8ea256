import * as z from 'zod'
import { filledString, reqIdSchema, sessionIdSchema } from './fields'

/** `SpaceParam`: place and size of a 2D avatar (1240/100403, 1211/62119). */
export const spaceParamSchema = z.strictObject({
  /** URL of a jpg, jpeg or png below 1 MB. Without it the background does not change. */
  BackgroundUrl: filledString.optional(),
  /** Horizontal position, −0.5 to 0.5; 0 is the centre. */
  ImagePosition: z.number().min(-0.5).max(0.5),
  /** Vertical position, −0.5 to 0.25; 0 is the bottom. */
  ImagePositionVertical: z.number().min(-0.5).max(0.25),
  /** Scale; 0.25 to 2 is recommended. */
  ImageZoom: z.number().positive(),
})

/** `ImageParam`: rotation and colours of a 3D avatar. `ImageExtraParam` is JSON text in every sample. */
export const imageParamSchema = z.strictObject({
  ImageVerticalOffset: z.number().optional(),
  /** Rotation of the upper body in degrees. */
  ImageHorizontalOffset: z.number().optional(),
  ImageExtraParam: z.string().optional(),
})

/** `updatesessionconfig`: moves the avatar while it is live. Deprecated by the vendor; once per 5 s. */
export const updateSessionConfigRequestSchema = z.strictObject({
  ReqId: reqIdSchema,
  SessionId: sessionIdSchema,
  SpaceParam: spaceParamSchema.optional(),
  ImageParam: imageParamSchema.optional(),
})
