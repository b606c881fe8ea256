/** What the mouth and the throat do for one sound of speech. */
export interface Phone {
  /** Centres of the first three formants, in hertz. */
  readonly formants: readonly [number, number, number]
  /** 0 to 1: how much the vocal cords sound. */
  readonly voice: number
  /** 0 to 1: how much breath hisses. */
  readonly noise: number
  /** Where the hiss is, in hertz. */
  readonly hiss: number
  /** At normal speed. */
  readonly milliseconds: number
  /** Carries the syllable's melody. */
  readonly vowel: boolean
}

const vowel = (f1: number, f2: number, f3: number, milliseconds = 120): Phone => ({
  formants: [f1, f2, f3],
  voice: 1,
  noise: 0.01,
  hiss: 3000,
  milliseconds,
  vowel: true,
})

const glide = (f1: number, f2: number, f3: number, voice = 0.6, milliseconds = 65): Phone => ({
  ...vowel(f1, f2, f3, milliseconds),
  voice,
  vowel: false,
})

const breath = (hiss: number, noise: number, milliseconds: number, voice = 0): Phone => ({
  formants: [320, 1500, 2600],
  voice,
  noise,
  hiss,
  milliseconds,
  vowel: false,
})

const silence = (milliseconds: number): Phone => ({ ...breath(1000, 0, milliseconds) })

/** Sounds by the names that the spelling rules use; some are two phones, a stop and its burst. */
export const PHONES: Readonly<Record<string, readonly Phone[]>> = {
  a: [vowel(760, 1250, 2550, 130)],
  e: [vowel(540, 1850, 2550)],
  i: [vowel(300, 2250, 3000)],
  o: [vowel(500, 900, 2450)],
  u: [vowel(320, 800, 2300)],
  y: [vowel(290, 1900, 2250)],
  A: [vowel(680, 1750, 2450, 130)],
  E: [vowel(500, 1450, 2450, 85)],
  R: [vowel(480, 1300, 1700)],
  m: [glide(260, 1050, 2200, 0.5)],
  n: [glide(260, 1450, 2500, 0.5)],
  N: [glide(260, 1900, 2300, 0.5)],
  l: [glide(360, 1200, 2700)],
  r: [glide(340, 1150, 1650)],
  w: [glide(310, 720, 2250)],
  j: [glide(290, 2200, 2950)],
  f: [breath(4500, 0.35, 85)],
  v: [breath(4000, 0.18, 65, 0.45)],
  s: [breath(5800, 0.55, 100)],
  z: [breath(5400, 0.3, 75, 0.4)],
  S: [breath(3000, 0.55, 105)],
  Z: [breath(2800, 0.3, 75, 0.4)],
  T: [breath(5000, 0.25, 85)],
  D: [breath(4500, 0.12, 60, 0.5)],
  h: [breath(1500, 0.25, 60)],
  x: [breath(1900, 0.35, 80)],
  p: [silence(50), breath(1200, 0.5, 22)],
  t: [silence(50), breath(4200, 0.55, 25)],
  k: [silence(50), breath(2000, 0.55, 30)],
  b: [silence(35), breath(900, 0.25, 12, 0.5)],
  d: [silence(35), breath(3600, 0.25, 14, 0.5)],
  g: [silence(35), breath(1900, 0.25, 16, 0.5)],
  C: [silence(45), breath(3200, 0.55, 70)],
  J: [silence(35), breath(3000, 0.35, 50, 0.4)],
  c: [silence(45), breath(5400, 0.55, 70)],
  _: [silence(90)],
  '.': [silence(260)],
}
