import type { JSHandle } from 'playwright-core'

declare global {
  interface Window {
    analyser?: AnalyserNode
  }
}

/** The loudest root mean square of an element's sound during the next second, from 0 to 1. */
export function loudnessOfElement(element: JSHandle<HTMLMediaElement>): Promise<number> {
  return element.evaluate(async (media) => {
    // A browser creates only one source node for each element.
    window.analyser ??= (() => {
      const context = new AudioContext()
      const analyser = context.createAnalyser()
      const source =
        media.srcObject instanceof MediaStream
          ? context.createMediaStreamSource(media.srcObject)
          : context.createMediaElementSource(media)
      source.connect(analyser)
      return analyser
    })()
    const analyser = window.analyser
    const running = analyser.context
    if (running instanceof AudioContext) await running.resume()
    const samples = new Float32Array(analyser.fftSize)
    let loudest = 0
    for (let turn = 0; turn < 20; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      loudest = Math.max(loudest, Math.sqrt(power))
    }
    return loudest
  })
}
