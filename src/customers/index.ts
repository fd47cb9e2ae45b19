export {
  type Complainant,
  type CustomerRows,
  customerRows,
  identifyCustomer,
  identitiesOf,
  type Known,
  knownBy,
  writingCustomer,
} from './identify.ts'
