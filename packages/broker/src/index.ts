export type { OpenRequest, SessionBrokerOptions } from './options'
export { createSessionBroker, type SessionBroker } from './session-broker'
export type { BrokerProblem, BrokerSnapshot, BrokerState } from './snapshot'
