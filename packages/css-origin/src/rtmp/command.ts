import {
  type Amf0Object,
  type Amf0Value,
  decodeAmf0,
  EcmaArray,
  encodeAmf0,
  isAmf0List,
} from './amf0'
import { ChunkStream, MessageType, type RtmpMessage } from './message'
import { RtmpProtocolError } from './protocol-error'

/** A NetConnection or NetStream command: a name, a transaction number and its arguments. */
export interface RtmpCommand {
  readonly name: string
  /** Number of the transaction; 0 for commands without a response. */
  readonly transaction: number
  /** The first argument is the command object, `null` in most commands. */
  readonly args: readonly Amf0Value[]
}

/** An `onStatus` report: peers react to `code`; users read `description`. */
export interface RtmpStatus {
  readonly level: 'status' | 'error'
  readonly code: string
  readonly description: string
}

/** Encodes a command as a message on message stream `streamId`. */
export function commandMessage(command: RtmpCommand, streamId = 0): RtmpMessage {
  return {
    chunkStreamId: ChunkStream.command,
    streamId,
    type: MessageType.commandAmf0,
    timestamp: 0,
    payload: encodeAmf0(command.name, command.transaction, ...command.args),
  }
}

/** Encodes an `onStatus` report as a message. */
export function statusMessage(status: RtmpStatus, streamId: number): RtmpMessage {
  return commandMessage({ name: 'onStatus', transaction: 0, args: [null, { ...status }] }, streamId)
}

/**
 * Decodes a command. Returns undefined for other messages.
 *
 * @throws RtmpProtocolError when the command is malformed.
 */
export function readCommand(message: RtmpMessage): RtmpCommand | undefined {
  const payload = commandPayload(message)
  if (!payload) return undefined
  // Without a transaction number a command has no response: `ffmpeg -listen` sends onFCPublish so.
  const [name, transaction = 0, ...args] = decodeAmf0(payload)
  if (typeof name !== 'string' || typeof transaction !== 'number') {
    throw new RtmpProtocolError('a command must start with its name and transaction number')
  }
  return { name, transaction, args }
}

function commandPayload(message: RtmpMessage): Buffer | undefined {
  if (message.type === MessageType.commandAmf0) return message.payload
  // An AMF3 command is an AMF0 command after a zero byte.
  if (message.type === MessageType.commandAmf3) return message.payload.subarray(1)
  return undefined
}

/** Returns the object argument at `index`, or an empty object. */
export function objectArgument(command: RtmpCommand, index: number): Amf0Object {
  const value = command.args[index]
  if (value instanceof EcmaArray) return value.entries
  if (typeof value !== 'object' || value === null) return {}
  if (value instanceof Date || isAmf0List(value)) return {}
  return value
}

/** Returns the status in an `onStatus` or `_error` command. */
export function readStatus(command: RtmpCommand): RtmpStatus {
  const info = objectArgument(command, 1)
  return {
    level: info.level === 'error' ? 'error' : 'status',
    code: typeof info.code === 'string' ? info.code : '',
    description: typeof info.description === 'string' ? info.description : '',
  }
}
