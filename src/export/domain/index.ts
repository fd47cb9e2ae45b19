export { csvCell, csvLine } from './csv.ts'
export { formulaSafe } from './formula.ts'
