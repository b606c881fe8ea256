import { pageTexts } from './page-texts'

/** The broker's response to an open request. */
export interface OpenedVisit {
  readonly id: string
  readonly ticket: string
}

/** Recognises the body of a successful open request. */
export function isOpenedVisit(body: unknown): body is OpenedVisit {
  return (
    typeof body === 'object' &&
    body !== null &&
    'id' in body &&
    typeof body.id === 'string' &&
    'ticket' in body &&
    typeof body.ticket === 'string'
  )
}

/** The broker's message in the body of a refusal; a general text for any other body. */
export function refusalText(body: unknown, status: number): string {
  if (typeof body === 'object' && body !== null && 'problem' in body) {
    const { problem } = body
    if (typeof problem === 'object' && problem !== null && 'message' in problem) {
      return String(problem.message)
    }
  }
  return pageTexts().status(status)
}
