export { readFilterText, type ReadLine, type TextProblem, writeFilterText } from './filter-text.ts'
export { filterNames, type FilterName, type FilterValues, type ThreeWords } from './filter-words.ts'
export { type Lexicon, lexiconOf, type Named } from './lexicon.ts'
