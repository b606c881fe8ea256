// Text and audio over the command channel beside bare `ws`: CPU per message of the client's process. The
// server is another process; both sides keep the same number of frames in the socket's buffer.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { pathToFileURL } from 'node:url'
import { createIvhClient } from '@ivh-kit/core'
import WebSocket from 'ws'
import { compare } from './measure.mjs'

const sessionId = 'm900100200300400500'
const reqId = '0'.repeat(32)
const packet = Buffer.alloc(5_120, 'voice')
const sentence = 'Our opening hours are nine to five, every day of the week.'
/** As much as the channel lets wait in the buffer. */
const fullBufferBytes = 64 * 1024

/** @returns rows for `text` and `audio`. */
export async function channel() {
  const server = fork(new URL('./swallowing-server.mjs', import.meta.url))
  const [{ port }] = await once(server, 'message')
  const bare = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false })
  await once(bare, 'open')
  const ivh = createIvhClient({
    appKey: 'k',
    accessToken: 't',
    baseUrl: `http://127.0.0.1:${port}`,
  })
  const session = await ivh.sessions.resume(sessionId)
  await session.connect()

  const room = async () => {
    while (bare.bufferedAmount >= fullBufferBytes) await new Promise(setImmediate)
  }
  const frame = (Command, Data) =>
    JSON.stringify({
      Header: {},
      Payload: { ReqId: reqId, SessionId: sessionId, Command, Data },
    })
  const drained = async () => {
    while (bare.bufferedAmount > 0) await new Promise(setImmediate)
  }
  const only=process.env.ONLY;
  try {

    const sides={
      wstext: async (count) => { for (let Seq = 1; Seq <= count; Seq++) { await room(); bare.send(frame('SEND_STREAMTEXT', { Text: sentence, Seq, IsFinal: false })) } await drained() },
      text: async (count) => { await session.say(repeat(sentence, count), { mode: 'fragment' }).finished },
      wsaudio: async (count) => { for (let Seq = 1; Seq <= count; Seq++) { await room(); const Audio = packet.toString('base64'); bare.send(frame('SEND_AUDIO', { Audio, Seq, IsFinal: false })) } await drained() },
      audio: async (count) => { await session.sendAudio(repeat(packet, count), { live: true }).finished },
    }
    const f=sides[only]; const n=only.endsWith('text')?20000:5000
    await f(n)
    const b=process.cpuUsage(), t=performance.now()
    for(let i=0;i<15;i++) await f(n)
    const {user,system}=process.cpuUsage(b)
    console.log(globalThis.C,only,'user',(user/n/15).toFixed(2),'sys',(system/n/15).toFixed(2),'wall',((performance.now()-t)*1000/n/15).toFixed(2))
    return {}
  } finally {
    bare.terminate()
    await ivh.close().catch(() => {})
    server.disconnect()
  }
}

async function* repeat(value, count) {
  for (let index = 0; index < count; index++) yield value
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${new Date().toISOString().slice(0, 10)}`,
  )
  const { text, audio } = await channel()
  console.log('\ntext: one message; the server is another process')
  console.table(text)
  console.log('\naudio: one packet of 5,120 bytes')
  console.table(audio)
  process.exit()
}
