let constants: { readonly initial: DataView; readonly rounds: DataView } | undefined

/**
 * The constants of FIPS 180-4 §4.2.2 and §5.3.3, from their definition: the fractions of the
 * square and cube roots of the first primes. No cube root's fraction is nearer than 0.024 to a
 * whole number, ten thousand times the error a JavaScript engine's `Math.cbrt` can make here.
 */
function rootFractions(): { initial: DataView; rounds: DataView } {
  const initial = new DataView(new ArrayBuffer(8 * 4))
  const rounds = new DataView(new ArrayBuffer(64 * 4))
  const primes: number[] = []
  for (let candidate = 2; primes.length < 64; candidate++) {
    if (primes.some((prime) => candidate % prime === 0)) continue
    const offset = primes.length * 4
    if (offset < initial.byteLength) initial.setUint32(offset, (Math.sqrt(candidate) % 1) * 2 ** 32)
    rounds.setUint32(offset, (Math.cbrt(candidate) % 1) * 2 ** 32)
    primes.push(candidate)
  }
  return { initial, rounds }
}

function rotateRight(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

/** SHA-256 (FIPS 180-4) in lower-case hex, for runtimes without `node:crypto`. */
export function sha256(message: Uint8Array): string {
  constants ??= rootFractions()
  const blocks = padMessage(message)
  const state = new DataView(constants.initial.buffer.slice(0))
  const schedule = new DataView(new ArrayBuffer(64 * 4))
  const w = (step: number) => schedule.getUint32(step * 4)
  const h = (index: number) => state.getUint32(index * 4)
  for (let block = 0; block < blocks.byteLength; block += 64) {
    let [a, b, c, d, e, f, g, k] = [h(0), h(1), h(2), h(3), h(4), h(5), h(6), h(7)]
    for (let step = 0; step < 64; step++) {
      if (step < 16) {
        schedule.setUint32(step * 4, blocks.getUint32(block + step * 4))
      } else {
        const near = w(step - 2)
        const far = w(step - 15)
        const s0 = rotateRight(far, 7) ^ rotateRight(far, 18) ^ (far >>> 3)
        const s1 = rotateRight(near, 17) ^ rotateRight(near, 19) ^ (near >>> 10)
        schedule.setUint32(step * 4, w(step - 16) + s0 + w(step - 7) + s1)
      }
      const S1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)
      const S0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)
      const choice = (e & f) ^ (~e & g)
      const majority = (a & b) ^ (a & c) ^ (b & c)
      const sum = k + S1 + choice + constants.rounds.getUint32(step * 4) + w(step)
      k = g
      g = f
      f = e
      e = (d + sum) | 0
      d = c
      c = b
      b = a
      a = (sum + S0 + majority) | 0
    }
    for (const [index, word] of [a, b, c, d, e, f, g, k].entries()) {
      state.setUint32(index * 4, h(index) + word)
    }
  }
  return toHex(state)
}

/** Pads a message to whole 64-byte blocks: one bit set, zeros, then its length in bits. */
function padMessage(message: Uint8Array): DataView {
  const markAndLength = 1 + 8
  const padded = new Uint8Array(Math.ceil((message.length + markAndLength) / 64) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n)
  return view
}

function toHex(digest: DataView): string {
  let hex = ''
  for (let offset = 0; offset < digest.byteLength; offset += 4) {
    hex += digest.getUint32(offset).toString(16).padStart(8, '0')
  }
  return hex
}
