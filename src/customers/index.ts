export {
  type Complainant,
  type CustomerRows,
  customerRows,
  identifyCustomer,
  identitiesOf,
  type Known,
  knownBy,
  readable,
  writingCustomer,
} from './identify.ts'
