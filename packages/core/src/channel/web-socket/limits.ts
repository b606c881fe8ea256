/** A close that the other end does not answer is over after this. */
export const closingMs = 5_000
/** Pings are left unanswered while so much has not left: a server that never reads must not fill the memory. */
export const mostUnreadBytes = 1024 * 1024
