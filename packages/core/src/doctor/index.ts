export { type Output, runCommand } from './command'
export { type DiagnoseOptions, diagnose } from './diagnose'
export type { Check, Diagnosis, Finding } from './finding'
