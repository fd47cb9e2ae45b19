export { type Complainant, identifyCustomer, identitiesOf } from './identify.ts'
