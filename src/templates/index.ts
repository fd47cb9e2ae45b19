export { type Stored, templateFor } from './store.ts'
export { settleTest, type TestMail, waitingTest } from './tests.ts'
