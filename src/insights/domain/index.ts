export {
  type Asked,
  moved,
  type Period,
  periodBefore,
  periodOf,
} from './period.ts'
export { type PeriodKind, periodKinds } from './period-kinds.ts'
export {
  type Balance,
  type Counted,
  difference,
  inOrder,
  keepsOrder,
  lineage,
  type Measure,
  measures,
  nothing,
  type Numbers,
  plus,
  rollUp,
  type Row,
  treeOrder,
} from './roll-up.ts'
export { type By, type Figure, listOf } from './lists.ts'
export { calendarName, isoWeek, rocName, span } from './names.ts'
