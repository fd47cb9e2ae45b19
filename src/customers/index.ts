export {
  type Complainant,
  type CustomerRows,
  customerRows,
  identifyCustomer,
  addressText,
  identitiesOf,
  type Known,
  knownBy,
  readable,
  writingCustomers,
} from './identify.ts'
export { perhapsSame, sameCustomer } from './merge.ts'
export { markUnreachable } from './unreachable.ts'
