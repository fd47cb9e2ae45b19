// What people do with a complaint, a use case a function; in files as the rules are (`domain/decide/`).
export * from './commands/answering.ts'
export * from './commands/complainant.ts'
export * from './commands/ending.ts'
export * from './commands/handling.ts'
export * from './commands/protection.ts'
export * from './commands/relations.ts'
