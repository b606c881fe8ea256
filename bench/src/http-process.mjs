// One client in a process of its own: told how long to work, it says what a call cost it.
import { httpClients } from './http-clients.mjs'

const [name, origin] = process.argv.slice(2)
const concurrency = 16
const one = await httpClients[name](origin)
await one()

/** Calls until the time is over, `concurrency` at a time. */
async function work(milliseconds) {
  const until = performance.now() + milliseconds
  let calls = 0
  const worker = async () => {
    while (performance.now() < until) {
      await one()
      calls += 1
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return calls
}

process.on('message', async ({ warmMs, milliseconds, calls: counted }) => {
  if (counted) {
    // Enough room in the young generation that nothing is collected in between.
    for (let done = 0; done < 4_000; done++) await one()
    global.gc()
    const before = process.memoryUsage().heapUsed
    for (let done = 0; done < counted; done++) await one()
    process.send({ bytes: (process.memoryUsage().heapUsed - before) / counted })
    return
  }
  await work(warmMs)
  const before = process.cpuUsage()
  const calls = await work(milliseconds)
  const { user, system } = process.cpuUsage(before)
  process.send({ cpu: (user + system) / calls })
})
process.on('disconnect', () => process.exit(0))
process.send({ ready: true })
