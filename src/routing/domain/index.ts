export { fewestOpen, type Present } from './fewest-open.ts'
export { type Flaw, lint } from './lint.ts'
export { chainOf, type Line, type RoutedBy, ruleOf, winner } from './winner.ts'
