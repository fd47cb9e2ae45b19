export { parseWhen, type When } from './when.ts'
