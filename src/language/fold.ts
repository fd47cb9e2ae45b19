export { type FoldedText, fold, foldMapped } from '../kit/pure/text-fold.ts'
export { detectScript, type Script } from './script.ts'
