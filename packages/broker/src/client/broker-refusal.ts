/** The broker refused, or could not be reached. `message` is fit to be shown. */
export class BrokerRefusal extends Error {
  override readonly name = 'BrokerRefusal'
  /** HTTP status; 0 when there was no answer. */
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
