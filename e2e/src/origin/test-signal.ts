import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

/** A stream from ffmpeg, to test the origin with another encoder. */
export interface TestSignal {
  stop(): Promise<void>
}

export const ffmpegIsInstalled = spawnSync('ffmpeg', ['-version']).status === 0

const encodingArgs = [
  ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
  ['-pix_fmt', 'yuv420p', '-bf', '0'],
].flat()

/** Publishes a moving picture and a tone. */
export function publishTone(url: string): TestSignal {
  const child = ffmpeg([
    ...['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25'],
    ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
    ...[...encodingArgs, '-g', '25', '-af', 'volume=4', '-c:a', 'aac', '-f', 'flv', url],
  ])
  return { stop: () => stop(child) }
}

/** Bits of the time in a picture of {@link publishClock}. */
export const clockBits = 20
const barWidth = 16
const width = (clockBits + 4) * barWidth
const height = 128
const lumaBytes = width * height

/** Publishes pictures that show their creation time in milliseconds as bars. The last four bars are a checksum. */
export function publishClock(url: string): TestSignal {
  const child = ffmpeg([
    ...['-probesize', '32', '-analyzeduration', '0', '-fflags', 'nobuffer'],
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-framerate', '25'],
    // Every picture is a key frame, as in a digital human's stream, so a viewer starts at the newest.
    ...['-i', 'pipe:0', ...encodingArgs, '-g', '1', '-flush_packets', '1', '-f', 'flv', url],
  ])
  child.stdin?.on('error', () => undefined)
  const began = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    // The number of pictures follows the clock, because ticks may be late.
    const due = Math.floor((performance.now() - began) / 40)
    for (; sent <= due; sent++) child.stdin?.write(clockPicture(Date.now()))
  }, 10)
  return {
    stop: async () => {
      clearInterval(timer)
      await stop(child)
    },
  }
}

function clockPicture(now: number): Buffer {
  const time = now % 2 ** clockBits
  const check = time % 13
  const picture = Buffer.alloc(lumaBytes * 1.5, 128)
  const row = Buffer.alloc(width)
  for (let bar = 0; bar < clockBits + 4; bar++) {
    const bit = bar < clockBits ? (time >> bar) & 1 : (check >> (bar - clockBits)) & 1
    row.fill(bit ? 235 : 16, bar * barWidth, (bar + 1) * barWidth)
  }
  for (let y = 0; y < height; y++) row.copy(picture, y * width)
  return picture
}

function ffmpeg(args: readonly string[]): ChildProcess {
  return spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exited
}
