export type { Logger, Message, OpenRequest, SessionBrokerOptions } from './options'
export { createSessionBroker, type SessionBroker } from './session-broker'
export type { BrokerProblem } from './visit/problem'
export type { BrokerSnapshot, BrokerState } from './visit/snapshot'
