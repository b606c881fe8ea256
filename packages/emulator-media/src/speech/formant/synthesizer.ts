import type { SungPhone } from './utterance'

export const SYNTHESIZER_RATE = 16_000

/** Sound is computed in steps so short that nobody hears them. */
const STEP = SYNTHESIZER_RATE / 200
const STEP_MS = 5
/** How long the mouth takes from one sound to the next. */
const GLIDE_MS = 35
const BANDWIDTHS = [80, 110, 170] as const
const LOUDNESS = [1, 0.9, 0.6] as const

/** A resonance: the second-order filter that a cavity of the mouth is. */
class Resonator {
  #last = 0
  #beforeLast = 0
  #a = 0
  #b = 0
  #c = 0

  tune(hertz: number, bandwidth: number): void {
    const radius = Math.exp((-Math.PI * bandwidth) / SYNTHESIZER_RATE)
    this.#c = -radius * radius
    this.#b = 2 * radius * Math.cos((2 * Math.PI * hertz) / SYNTHESIZER_RATE)
    // Gain 1 at the peak, whatever the frequency.
    this.#a = (1 - radius * radius) * Math.sin((2 * Math.PI * hertz) / SYNTHESIZER_RATE)
  }

  pass(input: number): number {
    const output = this.#a * input + this.#b * this.#last + this.#c * this.#beforeLast
    this.#beforeLast = this.#last
    this.#last = output
    return output
  }
}

interface Articulation {
  readonly formants: readonly number[]
  readonly voice: number
  readonly noise: number
  readonly hiss: number
  readonly semitones: number
}

/** Sings phones: pulses and noise through three resonances and a hiss, gliding between targets. */
export function synthesize(phones: readonly SungPhone[], pitchHertz: number): Int16Array {
  const steps = articulate(phones)
  const samples = new Int16Array(steps.length * STEP)
  const [throat, mouth, lips] = [new Resonator(), new Resonator(), new Resonator()]
  const teeth = new Resonator()
  let phase = 0
  let pulse = 0
  let random = 0x2545f491
  for (const [index, { formants, hiss, noise, semitones, voice }] of steps.entries()) {
    throat.tune(formants[0] ?? 500, BANDWIDTHS[0])
    mouth.tune(formants[1] ?? 500, BANDWIDTHS[1])
    lips.tune(formants[2] ?? 500, BANDWIDTHS[2])
    teeth.tune(hiss, 1400)
    // A living voice is never quite steady.
    const wobble = 0.25 * Math.sin(index * 0.17) + 0.12 * Math.sin(index * 0.61)
    const increment = (pitchHertz * 2 ** ((semitones + wobble) / 12)) / SYNTHESIZER_RATE
    for (let offset = 0; offset < STEP; offset++) {
      phase += increment
      if (phase >= 1) phase -= 1
      // The cords open slowly and shut at once: the shutting is what rings.
      const opening =
        phase < 0.6 ? 0.5 - 0.5 * Math.cos((Math.PI * phase) / 0.6) : 1 - (phase - 0.6) / 0.12
      const flow = Math.max(opening, 0)
      const edge = flow - pulse
      pulse = flow
      random = (Math.imul(random, 1664525) + 1013904223) | 0
      const white = random / 0x80000000
      const source = edge * voice * 6 + white * noise * 0.12
      // Neighbours in opposite phase, or they would cancel between their peaks.
      const sum =
        teeth.pass(white * noise) * 0.9 +
        throat.pass(source) * LOUDNESS[0] -
        mouth.pass(source) * LOUDNESS[1] +
        lips.pass(source) * LOUDNESS[2]
      samples[index * STEP + offset] = 32_767 * Math.tanh(sum * 1.3)
    }
  }
  return samples
}

/** Targets for every step, each reached by a glide from the one before. */
function articulate(phones: readonly SungPhone[]): Articulation[] {
  const steps: Articulation[] = []
  let from: Articulation | undefined
  for (const { melody, milliseconds, phone } of phones) {
    const count = Math.max(Math.round(milliseconds / STEP_MS), 2)
    const glide = Math.min(GLIDE_MS / STEP_MS, count)
    for (let step = 0; step < count; step++) {
      const share = smooth(Math.min((step + 1) / glide, 1))
      const sudden = Math.min((step + 1) / 2, 1)
      const before: Articulation | undefined = from
      const between = (target: number, old: number | undefined, part: number): number =>
        old === undefined ? target : old + (target - old) * part
      steps.push({
        formants: phone.formants.map((hertz, place) =>
          between(hertz, before?.formants[place], share),
        ),
        voice: between(phone.voice, before?.voice ?? 0, phone.voice > 0 ? share : sudden),
        noise: between(phone.noise, before?.noise ?? 0, sudden),
        hiss: phone.hiss,
        semitones: melody[0] + (melody[1] - melody[0]) * (step / count),
      })
    }
    from = steps.at(-1)
  }
  for (let step = 8; step > 0 && from; step--) {
    steps.push({
      ...from,
      voice: (from.voice * (step - 1)) / 8,
      noise: (from.noise * (step - 1)) / 8,
    })
  }
  return steps
}

function smooth(share: number): number {
  return share * share * (3 - 2 * share)
}
