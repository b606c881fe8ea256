export type { Clock } from '@ivh-kit/kernel'
export type {
  Authorization,
  Logger,
  Message,
  OpenRequest,
  SessionBrokerOptions,
} from './options'
export type { Replica } from './replica/replica'
export type { HandleContext } from './server/router'
export { createSessionBroker, type SessionBroker } from './server/session-broker'
export type { BrokerProblem } from './visit/problem'
export type { BrokerSnapshot, BrokerState } from './visit/snapshot'
