export type { Clock, Logger, Message, OpenRequest, SessionBrokerOptions } from './options'
export type { BrokerProblem } from './problem'
export { createSessionBroker, type SessionBroker } from './session-broker'
export type { BrokerSnapshot, BrokerState } from './snapshot'
