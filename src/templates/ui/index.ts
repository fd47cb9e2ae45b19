import { lazy } from 'react'

/** A button that sends a test to whoever presses it, and says what became of it. */
export const TestMail = lazy(() => import('./test-mail.tsx').then((m) => ({ default: m.TestMail })))
