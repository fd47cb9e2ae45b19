export { checkServer, oldestVersion } from './check.ts'
export { adoptEmbedded, type Embedded, type EmbeddedOptions, removeEmbedded, startEmbedded } from './embedded.ts'
export { DatabaseProblem } from './problem.ts'
