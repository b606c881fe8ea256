import { parentPort } from 'node:worker_threads'
import { SpeechService } from './speech-service'

if (!parentPort) throw new Error('speech-worker must run as a worker thread.')
const port = parentPort
const service = new SpeechService((answer, transfer) => port.postMessage(answer, transfer))
port.on('message', (request) => service.receive(request))
