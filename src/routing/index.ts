// The door of routing: to which team, and to whom of it.
export { findingRoutes, type Mode, modeOf, type Route, routeAmong, routeFor, type Routes, routePlace } from './lines.ts'
export { holdTurns, type NextOwner, nextOwner, type Wanted } from './next-owner.ts'
