import { describe, expect, it } from 'vitest'
import { PlayedAudio } from './played-audio'
import { Sound } from './sound'
import type { SoundSource } from './speech'
import type { GrowingSound, SayRequest, SpeechSource } from './speech-thread'
import { SpokenText } from './spoken-text'

/** Speaks every text as two frames; the second one is the encoder's last. */
class TwoFrames implements SpeechSource {
  readonly said: string[] = []
  readonly written: Int16Array[] = []
  ended = 0
  cancelled = 0
  readonly growing = new Sound()

  async say({ text, urgent }: SayRequest): Promise<Sound> {
    if (text.includes('fail')) throw new Error('no such voice')
    this.said.push(urgent ? `${text} (urgent)` : text)
    const sound = new Sound()
    fill(sound, 1, true)
    return sound
  }

  open(): GrowingSound {
    return {
      sound: this.growing,
      complete: new Promise(() => undefined),
      write: (samples) => this.written.push(samples),
      end: () => {
        this.ended += 1
      },
      cancel: () => {
        this.cancelled += 1
      },
    }
  }

  async close(): Promise<void> {}
}

function fill(sound: Sound, frames: number, complete: boolean): void {
  const packetLengths = Array.from({ length: frames + Number(complete) }, () => 3)
  sound.append({
    type: 'sound',
    id: 1,
    packets: new Uint8Array(packetLengths.length * 3),
    packetLengths,
    samples: new Int16Array(frames * 512),
    mouths: new Uint8Array(frames * 2),
    complete,
  })
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Returns the names of the next frames. */
async function play(source: SoundSource, frames: number): Promise<string[]> {
  const seen: string[] = []
  for (let frame = 0; frame < frames; frame++) {
    const next = source.next()
    seen.push(typeof next === 'string' ? next : 'sound')
    await turn()
  }
  return seen
}

describe('a text', () => {
  it('is spoken sentence by sentence; each sentence is made while the previous one plays', async () => {
    const source = new TwoFrames()
    const text = new SpokenText('One. Two. Three.', {}, source)
    expect(await play(text, 1)).toEqual(['silence'])
    expect(source.said).toEqual(['One. (urgent)'])
    expect(await play(text, 1)).toEqual(['sound'])
    expect(source.said).toEqual(['One. (urgent)', 'Two.'])
    expect(await play(text, 6)).toEqual([...Array(5).fill('sound'), 'over'])
    await text.started
    await text.finished
  })

  it('pauses for the time of its break', async () => {
    const text = new SpokenText('One. <break time="96ms"/> Two.', {}, new TwoFrames())
    await turn()
    expect(await play(text, 8)).toEqual([
      'sound',
      'sound',
      'silence',
      'silence',
      'silence',
      'sound',
      'sound',
      'over',
    ])
  })

  it('may consist of thousands of pauses without length', async () => {
    const text = new SpokenText('<break time="0ms"/>'.repeat(12_000), {}, new TwoFrames())
    expect(text.next()).toBe('over')
    await text.finished
  })

  it('ends at once when the text has no words', async () => {
    const text = new SpokenText('<speak></speak>', {}, new TwoFrames())
    expect(text.next()).toBe('over')
    await text.finished
  })

  it('rejects and ends when the voice fails', async () => {
    const text = new SpokenText('fail', {}, new TwoFrames())
    await expect(text.finished).rejects.toThrow('no such voice')
    expect(text.next()).toBe('over')
  })

  it('finishes without further sentences when it is stopped', async () => {
    const source = new TwoFrames()
    const text = new SpokenText('One. Two. Three.', {}, source)
    await turn()
    await play(text, 1)
    text.stop()
    await text.finished
    expect(text.next()).toBe('over')
    expect(source.said).not.toContain('Three.')
  })
})

describe("the caller's audio", () => {
  it('plays the received samples, waits for more, and ends after its end', async () => {
    const source = new TwoFrames()
    const audio = new PlayedAudio(source, 0)
    expect(await play(audio, 1)).toEqual(['silence'])
    fill(source.growing, 2, false)
    expect(await play(audio, 3)).toEqual(['sound', 'sound', 'silence'])
    await audio.started
    fill(source.growing, 1, true)
    audio.end()
    expect(await play(audio, 3)).toEqual(['sound', 'sound', 'over'])
    await audio.finished
    expect(source.ended).toBe(1)
  })

  it('may arrive in any pieces, also within a sample', () => {
    const source = new TwoFrames()
    const audio = new PlayedAudio(source, 0)
    for (const piece of [[1, 0, 2], [1], [255, 255, 7]]) audio.write(Uint8Array.from(piece))
    expect(source.written.flatMap((samples) => [...samples])).toEqual([1, 258, -1])
  })

  it('is cancelled when it is stopped and ignores further samples', async () => {
    const source = new TwoFrames()
    const audio = new PlayedAudio(source, 0)
    audio.stop()
    audio.write(new Int16Array(5))
    await audio.finished
    expect([source.cancelled, source.written]).toEqual([1, []])
  })
})
