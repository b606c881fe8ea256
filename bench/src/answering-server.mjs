// Answers every request with the same success; a process of its own, so that its CPU is not counted.
import { createServer } from 'node:http'
import { answers } from './http-clients.mjs'

const bodies = Object.entries(answers).map(([start, answer]) => [start, JSON.stringify(answer)])
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    const [, answer] = bodies.find(([start]) => request.url.startsWith(start))
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }))
process.on('disconnect', () => process.exit(0))
