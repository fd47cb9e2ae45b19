export { isQuiet, type Quiet } from './quiet.ts'
