import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { espeakProgramVoice } from './espeak-program-voice'
import { espeakInstalled, espeakVoice } from './espeak-voice'
import { humVoice } from './hum-voice'
import type { Tts, TtsOptions } from './tts'

const { signal } = new AbortController()
const normal: TtsOptions = { speed: 100, timbre: undefined, language: undefined, signal }
const english = 'Good morning and welcome to the lobby.'
const chinese = '早上好，欢迎来到大厅。'

async function measure(voice: Tts, text: string, options: Partial<TtsOptions> = {}) {
  const { sampleRate, samples } = await voice.speak(text, { ...normal, ...options })
  const loudness = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length)
  return { seconds: samples.length / sampleRate, loudness, samples }
}

function holds(make: () => Promise<Tts>): void {
  it.each([
    ['English', english],
    ['Chinese', chinese],
  ])('speaks %s audibly, at the speed of a person', async (_name, text) => {
    const { loudness, seconds } = await measure(await make(), text)
    expect(loudness).toBeGreaterThan(800)
    expect(seconds).toBeGreaterThan(1.2)
    expect(seconds).toBeLessThan(6)
  })

  it('speaks faster and slower with the speed', async () => {
    const voice = await make()
    const [slow, usual, fast] = await Promise.all(
      [60, 100, 190].map(async (speed) => (await measure(voice, english, { speed })).seconds),
    )
    expect((slow ?? 0) / (usual ?? 1)).toBeGreaterThan(1.35)
    expect((fast ?? 1) / (usual ?? 1)).toBeLessThan(0.7)
  })

  it('sounds different for another TimbreKey', async () => {
    const voice = await make()
    const one = await measure(voice, english, { timbre: 'female_7' })
    const other = await measure(voice, english, { timbre: 'male_2' })
    expect(Buffer.from(one.samples.buffer).equals(Buffer.from(other.samples.buffer))).toBe(false)
  })
}

describe('the built-in voice', () => {
  holds(async () => humVoice())

  it('speaks digits and words of any script', async () => {
    for (const text of ['42', 'Привет', 'ça va', '한국어']) {
      expect((await measure(humVoice(), text)).seconds).toBeGreaterThan(0.15)
    }
  })
})

describe.runIf(espeakInstalled())('the voice espeak', () => {
  let voice: Promise<Tts> | undefined
  holds(() => {
    voice ??= espeakVoice()
    return voice
  })
})

const programName = 'espeak-ng'
const program = spawnSync(programName, ['--version']).status === 0
describe.runIf(program)('the voice espeak-program', () => {
  holds(async () => espeakProgramVoice())
})

it('reports a missing program with advice', async () => {
  const voice = espeakProgramVoice('no-such-espeak')
  await expect(voice.speak('a', normal)).rejects.toThrow(/no-such-espeak .*apt install espeak-ng/)
})
