export { headerRow, headRows } from './header-row.ts'
export { type DateGuess, type DateRule, dateReader, guessDates, isFormat } from './dates.ts'
export { detectDelimiter, detectEncoding, encodings } from './encoding.ts'
export { exportKindOf, exportMapping, isExport, readExport } from './exports.ts'
export { flatten, jsonSplitter } from './flat.ts'
export { type Guess, guessMapping, type Sample, type Warning } from './guess.ts'
export {
  columnsOf,
  type DateTarget,
  dateTargets,
  type Format,
  joined,
  type Kind,
  kinds,
  type Mapping,
  type Target,
  targets,
  type ValueTarget,
  valueTargets,
} from './mapping.ts'
export { type Lists, type Named, type RowReader, rowReader, type Tally } from './row.ts'
export { filesIn, type KeptFile, type Wanted, withLines } from './told-files.ts'
export {
  type Cell,
  type Problem,
  problemCodes,
  type RawRow,
  spoils,
  type Told,
  type ToldFile,
  type ToldMessage,
} from './told.ts'
