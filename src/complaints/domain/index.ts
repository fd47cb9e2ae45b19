export { absorb } from './decide/absorbing.ts'
export { withDates } from './decide/dates.ts'
export { type Facts, metByWords } from './decide/facts.ts'
export { type IntakeProof, takeIn } from './decide/intake.ts'
export { handedOver, hasEnded } from './decide/merging.ts'
export type { NewPromise } from './decide/promising.ts'
export { routed } from './decide/routed.ts'
export { saidAgain, type SaidOnce } from './decide/said-again.ts'
export { saidAt } from './decide/telling.ts'
export { isSame } from './decide/same.ts'
export { heardFacts, unheard } from './decide/wrote-again.ts'
export { causeWords, targetWords, versionWords } from './clock-words.ts'
export { eventWords, type NamesSaid, type Say } from './event-words.ts'
export { event, type EventActor, type NewEvent, upcast } from './event.ts'
export {
  apply,
  blank,
  type Changes,
  type ComplaintClock,
  type ComplaintState,
  type Fields,
  fold,
  foldVersion,
  type PointState,
} from './state.ts'
export { severityOf } from './severity.ts'
export { isoWorkflow } from './workflow.ts'
