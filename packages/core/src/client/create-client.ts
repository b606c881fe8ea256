import { IvhConfigError } from '../errors'
import type {
  Acknowledgement,
  CreateResponse,
  GetTrtcSignResponse,
  ListSessionsResponse,
  StatSessionResponse,
} from '../protocol'
import { clientClosed } from '../sessions/abandonment'
import { Account } from '../sessions/account'
import { SessionManager } from '../sessions/session-manager'
import type { Sender } from '../transport/sender'
import { createTransportSender } from '../transport/transport-sender'
import { createUndiciSender } from '../transport/undici-sender'
import { createAttempts } from './attempts'
import { type CallPayload, createCaller, createPathCaller } from './call'
import type { CallOptions, PathCallOptions } from './call-options'
import { observeAttempts } from './observed-attempts'
import { type IvhClientOptions, type ResolvedOptions, resolveOptions } from './options'
import { preload } from './preload'

/**
 * The IVH client. The methods named after endpoints send one call each, under the wire's own names;
 * `sessions` is the layer above that most programs want.
 *
 * Every call rejects with an IvhError: IvhConfigError or IvhValidationError before anything is sent, then
 * IvhTransportError, IvhTimeoutError, IvhAbortError, IvhApiError or IvhResponseShapeError.
 */
export interface IvhClient extends AsyncDisposable {
  /** Opens sessions and remembers them until they are closed. */
  readonly sessions: SessionManager
  /** Creates a stream from an avatar asset (1211/62103). An abort may leave a session open: prefer `sessions.open`. */
  createSessionByAsset(
    payload: CallPayload<'createSessionByAsset'>,
    options?: CallOptions,
  ): Promise<CreateResponse>
  /** Creates a stream from a platform project (1211/62102). An abort may leave a session open: prefer `sessions.open`. */
  createSession(
    payload: CallPayload<'createSession'>,
    options?: CallOptions,
  ): Promise<CreateResponse>
  /** Asks for a session's status: 1 ready, 2 closed, 3 preparing, 4 creation failed (1211/62104). */
  statSession(
    payload: CallPayload<'statSession'>,
    options?: CallOptions,
  ): Promise<StatSessionResponse>
  /** Opens a ready session for driving; mandatory before any drive command (1211/62105). */
  startSession(
    payload: CallPayload<'startSession'>,
    options?: CallOptions,
  ): Promise<Acknowledgement>
  /** Closes a session and frees its concurrency (1211/62106). `session.close()` also retries. */
  closeSession(
    payload: CallPayload<'closeSession'>,
    options?: CallOptions,
  ): Promise<Acknowledgement>
  /** The sessions in progress of the whole account, whoever created them (1211/62109). */
  listSessionOfUin(
    payload?: CallPayload<'listSessionOfUin'>,
    options?: CallOptions,
  ): Promise<ListSessionsResponse>
  /** The sessions in progress of a project (1211/62107). */
  listSessionOfProjectId(
    payload: CallPayload<'listSessionOfProjectId'>,
    options?: CallOptions,
  ): Promise<ListSessionsResponse>
  /** The sessions in progress of an avatar asset (1211/62108). */
  listSessionOfAssetVk(
    payload: CallPayload<'listSessionOfAssetVk'>,
    options?: CallOptions,
  ): Promise<ListSessionsResponse>
  /**
   * Moves, scales or recolours the avatar while it is live; at most once per session in 5 s (1211/62119).
   *
   * @deprecated By the vendor: it gets no new features.
   */
  updateSessionConfig(
    payload: CallPayload<'updateSessionConfig'>,
    options?: CallOptions,
  ): Promise<Acknowledgement>
  /**
   * Credentials with which another user enters the avatar's TRTC room; only with the platform's own TRTC
   * app (1211/62121). The answer is secret, all of it.
   */
  getTrtcSign(
    payload: CallPayload<'getTrtcSign'>,
    options?: CallOptions,
  ): Promise<GetTrtcSignResponse>
  /** Drives by HTTP, SEND_TEXT only; meant for trials and one-liners (1211/62120). */
  command(payload: CallPayload<'command'>, options?: CallOptions): Promise<Acknowledgement>
  /**
   * Calls an endpoint that this version has no method for: signed, sent and failing like the others, but
   * neither payload nor answer is checked. `ReqId` is added to the payload unless it is there.
   *
   * @param path Begins with `/v2/`, without the query.
   * @returns The `Payload` of the answer, as it came.
   */
  call(path: string, payload?: object, options?: PathCallOptions): Promise<unknown>
  /**
   * A client with some options changed, over the connections of this one. Sessions, the setup of plugins,
   * what is known of the server's time and the budget of retries are its own. When it is of the same
   * account, the two open no sessions with one UserId at a time, and neither reaps what the other holds.
   * Closing it closes its own sessions and leaves the connections, so close this one last.
   *
   * @throws IvhConfigError when an option is wrong.
   * @example
   * const patient = ivh.withOptions({ timeoutMs: 60_000, maxRetries: 5 })
   */
  withOptions(changes: Omit<IvhClientOptions, 'dispatcher' | 'transport'>): IvhClient
  /**
   * Loads what the first call and the first session would load, some 100 ms of work: the first visitor of a
   * server does not wait for it then, and a test that moves a clock of its own need not think of it. Sends
   * nothing, and leaves the setup of plugins to the first call. Any number of times.
   *
   * @throws whatever the module loader throws: an installation is not complete.
   */
  preload(): Promise<void>
  /**
   * Closes every session, then the connections. Nothing can be created afterwards.
   *
   * @throws AggregateError with one error per session that could not be closed; call it again then.
   */
  close(): Promise<void>
}

/**
 * Makes a client. Nothing is sent and nothing heavy is loaded until the first call.
 *
 * @throws IvhConfigError when an option is missing or wrong, or when run in a browser.
 * @example
 * const ivh = createIvhClient({ appKey, accessToken, region: 'international' })
 * await using session = await ivh.sessions.open({ assetVirtualmanKey, userId: 'kiosk-17', protocol: 'rtmp' })
 */
export function createIvhClient(options: IvhClientOptions = {}): IvhClient {
  const resolved = resolveOptions(options)
  const sender = resolved.transport
    ? createTransportSender(resolved.transport)
    : createUndiciSender(resolved.dispatcher)
  return clientOver(sender, options, resolved, new Account())
}

function clientOver(
  sender: Sender,
  options: IvhClientOptions,
  resolved: ResolvedOptions,
  account: Account,
): IvhClient {
  const attempts = observeAttempts(createAttempts(resolved, sender), resolved)
  const call = createCaller(resolved, attempts)
  const callPath = createPathCaller(resolved, attempts)
  const sessions = new SessionManager(resolved, call, account)
  let closed = false
  // Closing and asking stay possible, so that a close that failed can be tried again.
  const create: typeof call = (name, payload, callOptions) =>
    closed ? Promise.reject(clientClosed()) : call(name, payload, callOptions)
  const close = async () => {
    closed = true
    await sessions.shutDown()
    await sender.close()
  }
  return {
    sessions,
    createSessionByAsset: (payload, callOptions) =>
      create('createSessionByAsset', payload, callOptions),
    createSession: (payload, callOptions) => create('createSession', payload, callOptions),
    statSession: (payload, callOptions) => call('statSession', payload, callOptions),
    startSession: (payload, callOptions) => call('startSession', payload, callOptions),
    closeSession: (payload, callOptions) => call('closeSession', payload, callOptions),
    listSessionOfUin: (payload = {}, callOptions) => call('listSessionOfUin', payload, callOptions),
    listSessionOfProjectId: (payload, callOptions) =>
      call('listSessionOfProjectId', payload, callOptions),
    listSessionOfAssetVk: (payload, callOptions) =>
      call('listSessionOfAssetVk', payload, callOptions),
    updateSessionConfig: (payload, callOptions) =>
      call('updateSessionConfig', payload, callOptions),
    getTrtcSign: (payload, callOptions) => call('getTrtcSign', payload, callOptions),
    command: (payload, callOptions) => call('command', payload, callOptions),
    call: callPath,
    withOptions(changes) {
      const changed = { ...options, ...changes }
      checkConnections(options, changed)
      const itsOptions = resolveOptions(changed)
      const itsAccount = isSameAccount(itsOptions, resolved) ? account : new Account()
      return clientOver(leftOpen(sender), changed, itsOptions, itsAccount)
    },
    preload: () => preload(sender, resolved),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function isSameAccount(one: ResolvedOptions, other: ResolvedOptions): boolean {
  return (['appKey', 'basePath', 'origin'] as const).every((name) => one[name] === other[name])
}

/** @throws IvhConfigError, for who has no types: what is not used would be thought to be. */
function checkConnections(first: IvhClientOptions, changed: IvhClientOptions): void {
  const other = (['dispatcher', 'transport'] as const).find(
    (name) => changed[name] !== undefined && changed[name] !== first[name],
  )
  if (other === undefined) return
  throw new IvhConfigError(`withOptions does not take a ${other}`, {
    hint: 'It goes over the connections of the first client; make another with createIvhClient.',
  })
}

/** Connections that somebody else closes. */
function leftOpen(sender: Sender): Sender {
  return {
    send: (request, receiver) => sender.send(request, receiver),
    preload: async () => sender.preload?.(),
    async close() {},
  }
}
