import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

/** A publisher that is another program, to see and hear what a foreign stream is like. */
export interface TestSignal {
  stop(): Promise<void>
}

export const ffmpegIsInstalled = spawnSync('ffmpeg', ['-version']).status === 0

const encodingArgs = [
  ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
  ['-pix_fmt', 'yuv420p', '-bf', '0'],
].flat()

/** A moving picture and a tone as AAC. */
export function publishTone(url: string): TestSignal {
  const child = ffmpeg([
    ...['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25'],
    ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
    ...[...encodingArgs, '-g', '25', '-af', 'volume=4', '-c:a', 'aac', '-f', 'flv', url],
  ])
  return { stop: () => stop(child) }
}

export const clockBits = 20
const barWidth = 16
const width = (clockBits + 4) * barWidth
const height = 128
const lumaBytes = width * height

/** Pictures that show the time of their making, in milliseconds, as bars; the last four check it. */
export function publishClock(url: string): TestSignal {
  const child = ffmpeg([
    ...['-probesize', '32', '-analyzeduration', '0', '-fflags', 'nobuffer'],
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-framerate', '25'],
    // Every picture a key frame, as the human's are: a viewer begins with the newest.
    ...['-i', 'pipe:0', ...encodingArgs, '-g', '1', '-flush_packets', '1', '-f', 'flv', url],
  ])
  child.stdin?.on('error', () => undefined)
  const began = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    // The pictures follow the clock, not the number of ticks.
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
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}
