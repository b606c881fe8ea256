export type { BrokerProblem } from '../problem'
export type { BrokerSnapshot, BrokerState } from '../snapshot'
export { BrokerRefusal } from './broker-refusal'
export { BrowserSession, type StartOptions, startBrowserSession } from './browser-session'
