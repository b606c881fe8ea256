/** Red, green and blue, each 0 to 255; fractions are allowed. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** Parses `#rrggbb`. */
export function hex(text: `#${string}`): Rgb {
  const value = Number.parseInt(text.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** Mixes `share` of `b` (0 to 1) into `a`. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const rest = 1 - share
  return [a[0] * rest + b[0] * share, a[1] * rest + b[1] * share, a[2] * rest + b[2] * share]
}

const black: Rgb = [12, 8, 16]
const white: Rgb = [255, 252, 246]

export const darken = (colour: Rgb, share: number): Rgb => mix(colour, black, share)
export const lighten = (colour: Rgb, share: number): Rgb => mix(colour, white, share)
