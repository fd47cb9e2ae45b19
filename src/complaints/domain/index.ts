export { type IntakeProof, takeIn } from './decide/intake.ts'
export { isSame } from './decide/same.ts'
export { event, type EventActor, type NewEvent, upcast } from './event.ts'
export { fromAuthority } from './severity.ts'
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
export { isoWorkflow } from './workflow.ts'
