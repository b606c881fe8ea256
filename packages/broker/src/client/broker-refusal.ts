import { brandError } from '@ivh-kit/kernel'

/** The broker refused a request or could not be reached. A page may show its `message`. */
export class BrokerRefusal extends Error {
  override readonly name = 'BrokerRefusal'
  /** HTTP status; 0 without a response. */
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
    brandError(this, 'BrokerRefusal')
  }
}
