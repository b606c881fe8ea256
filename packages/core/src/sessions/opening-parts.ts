export { openSession } from './opening'
export { resumeSession } from './resuming'
