export type { BrokerProblem } from '../visit/problem'
export type { BrokerSnapshot, BrokerState } from '../visit/snapshot'
export { BrokerRefusal } from './broker-refusal'
export { BrowserSession, type StartOptions, startBrowserSession } from './browser-session'
