import { commandMessage, type RtmpCommand, statusMessage } from './command'
import type { RtmpMessage } from './message'

/** Returns the response to a command. */
export function resultOf(command: RtmpCommand, ...args: RtmpCommand['args']): RtmpMessage {
  return commandMessage({ name: '_result', transaction: command.transaction, args })
}

export function connectAccepted(command: RtmpCommand): RtmpMessage {
  return resultOf(
    command,
    { fmsVer: 'FMS/3,0,1,123', capabilities: 31 },
    {
      level: 'status',
      code: 'NetConnection.Connect.Success',
      description: 'Connection succeeded.',
      objectEncoding: 0,
    },
  )
}

export function connectRefused(command: RtmpCommand, description: string): RtmpMessage {
  return error(command, 'NetConnection.Connect.InvalidApp', description)
}

export function commandUnknown(command: RtmpCommand): RtmpMessage {
  return error(command, 'NetConnection.Call.Failed', `the command ${command.name} is not supported`)
}

/** Returns the confirmation of FCPublish, which Flash encoders await before they publish. */
export function fcPublishAccepted(): RtmpMessage {
  const info = { code: 'NetStream.Publish.Start', description: 'FCPublish is accepted' }
  return commandMessage({ name: 'onFCPublish', transaction: 0, args: [null, info] })
}

export function publishStarted(streamName: string, streamId: number): RtmpMessage {
  return report('NetStream.Publish.Start', `Publishing ${streamName}`, streamId)
}

/** Returns the reports before the media of a stream. */
export function playStarted(streamName: string, streamId: number): RtmpMessage[] {
  return [
    report('NetStream.Play.Reset', `Playing and resetting ${streamName}`, streamId),
    report('NetStream.Play.Start', `Playing ${streamName}`, streamId),
  ]
}

/** Returns the reports to a player after the publisher has left. */
export function playEnded(streamName: string, streamId: number): RtmpMessage[] {
  return [
    report('NetStream.Play.UnpublishNotify', `${streamName} is no longer published`, streamId),
    report('NetStream.Play.Stop', `Stopped playing ${streamName}`, streamId),
  ]
}

function report(code: string, description: string, streamId: number): RtmpMessage {
  return statusMessage({ level: 'status', code, description }, streamId)
}

function error(command: RtmpCommand, code: string, description: string): RtmpMessage {
  const info = { level: 'error', code, description }
  const { transaction } = command
  return commandMessage({ name: '_error', transaction, args: [null, info] })
}
