import { createAttempts } from '../calls/attempts'
import { createCaller, createPathCaller } from '../calls/call'
import type { PathCallOptions } from '../contracts/call-options'
import { IvhConfigError } from '../errors'
import type { IvhClientOptions } from '../options/client-options'
import { type ResolvedOptions, resolveOptions } from '../options/resolve-options'
import { loadSchemas } from '../protocol/load-schemas'
import { Account } from '../sessions/registry/session-registry'
import { SessionManager } from '../sessions/session-manager'
import type { Transport } from '../transport/transport'
import { createUndiciTransport, withoutClose } from '../transport/undici-transport'
import { createEndpointMethods, type EndpointMethods } from './endpoint-methods'

/**
 * The IVH client. The methods named after endpoints send one call each, in the wire's own field names;
 * `sessions` is the layer above, which most programs use.
 *
 * Every call rejects with an IvhError: IvhConfigError or IvhValidationError before anything is sent, then
 * IvhTransportError, IvhTimeoutError, IvhAbortError, IvhApiError or IvhResponseShapeError.
 */
export interface IvhClient extends EndpointMethods, AsyncDisposable {
  /** Opens sessions and keeps track of them until they are closed. */
  readonly sessions: SessionManager
  /**
   * Calls an endpoint that this version has no method for. The call is signed and retried like the others,
   * but neither payload nor response is checked. `ReqId` is added to the payload when it is missing.
   *
   * @param path Begins with `/v2/`, without the query.
   * @returns The `Payload` of the response.
   */
  call(path: string, payload?: object, options?: PathCallOptions): Promise<unknown>
  /**
   * Creates a client with some options changed, over this client's connections. It has its own sessions,
   * plugin setup, clock correction and retry budget. Two clients of one account never open sessions with
   * one UserId at the same time, and neither treats the other's sessions as orphans. `close()` closes its
   * sessions and keeps the connections, so close the first client last.
   *
   * @throws IvhConfigError for a wrong option.
   * @example
   * const patient = ivh.withOptions({ timeoutMs: 60_000, maxRetries: 5 })
   */
  withOptions(changes: Omit<IvhClientOptions, 'dispatcher' | 'transport'>): IvhClient
  /**
   * Loads undici and the schemas, about 100 ms of work, so that the first visitor does not wait for it.
   * Sends nothing and does not run the setup of plugins. May be called any number of times.
   *
   * @throws the module loader's error when the installation is incomplete.
   */
  preload(): Promise<void>
  /**
   * Closes every session, then the connections. Nothing can be created afterwards.
   *
   * @throws AggregateError with one error per session that could not be closed. Call it again then.
   */
  close(): Promise<void>
}

/**
 * Creates a client. Nothing is sent before the first call.
 *
 * @throws IvhConfigError when an option is missing or wrong, and in a browser.
 * @example
 * const ivh = createIvhClient({ appKey, accessToken, region: 'international' })
 * await using session = await ivh.sessions.open({ assetVirtualmanKey, userId: 'kiosk-17', protocol: 'rtmp' })
 */
export function createIvhClient(options: IvhClientOptions = {}): IvhClient {
  const resolved = resolveOptions(options)
  // Do not close a transport of the application.
  const transport = resolved.transport
    ? withoutClose(resolved.transport)
    : createUndiciTransport(resolved.dispatcher)
  return createClientOver(transport, options, resolved, new Account())
}

function createClientOver(
  transport: Transport,
  options: IvhClientOptions,
  resolved: ResolvedOptions,
  account: Account,
): IvhClient {
  const attempts = createAttempts(resolved, transport)
  const call = createCaller(resolved, attempts)
  const sessions = new SessionManager(resolved, call, account)
  let closed = false
  const close = async () => {
    closed = true
    await sessions.shutDown()
    await transport.close()
  }
  return {
    // A closed client can still close and look up sessions, so that a failed close can be repeated.
    ...createEndpointMethods(call, () => closed),
    sessions,
    call: createPathCaller(resolved, attempts),
    withOptions(changes) {
      const changedOptions = { ...options, ...changes }
      checkConnections(options, changedOptions)
      const changed = resolveOptions(changedOptions)
      const sharedAccount = isSameAccount(changed, resolved) ? account : new Account()
      return createClientOver(withoutClose(transport), changedOptions, changed, sharedAccount)
    },
    async preload() {
      await Promise.all([loadSchemas(), transport.preload?.()])
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function isSameAccount(one: ResolvedOptions, other: ResolvedOptions): boolean {
  return (['appKey', 'basePath', 'origin'] as const).every((name) => one[name] === other[name])
}

/** @throws IvhConfigError when untyped callers pass connection options, which would have no effect. */
function checkConnections(first: IvhClientOptions, changed: IvhClientOptions): void {
  const option = (['dispatcher', 'transport'] as const).find(
    (name) => changed[name] !== undefined && changed[name] !== first[name],
  )
  if (option === undefined) return
  throw new IvhConfigError(`withOptions does not take ${option}`, {
    code: 'unknown-option',
    option,
    hint: 'The new client uses the connections of the first client. For other connections, call createIvhClient.',
  })
}
