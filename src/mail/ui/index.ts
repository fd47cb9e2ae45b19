import { lazy } from 'react'

/** What is known of the mail a message came by; loaded where there is one. */
export const MailDetails = lazy(() => import('./mail-details.tsx').then((m) => ({ default: m.MailDetails })))
