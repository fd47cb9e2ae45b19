export { type Envelope, type MailProblem, type ReadContext, type Resolver, standardLimits } from './read/context.ts'
export { openReader, type Reader, type ReaderOptions } from './read/reader.ts'
