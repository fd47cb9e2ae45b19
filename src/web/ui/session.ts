import { createContext, useContext, useMemo } from 'react'
import type { Me } from '../../people/contract.ts'
import { type Drafts, draftsOf } from './drafts.ts'

export const SessionContext = createContext<Me | null>(null)

/** Who is signed in; only below the signed-in shell. */
export function useMe(): Me {
  const me = useContext(SessionContext)
  if (!me) throw new Error('no session above')
  return me
}

/** Whether the person holds a permission: hides what could never work; the server decides. */
export function useMay(permission: string): boolean {
  return useMe().permissions.includes(permission)
}

/** The unsent words of who is signed in; `secret` ones are not kept in the browser. */
export function useDrafts(secret: boolean): Drafts {
  // A preference of theirs that changes makes nobody else of them: what they write goes on where it is.
  const { id, organisation } = useMe()
  const org = organisation.id
  return useMemo(() => draftsOf({ id, organisation: { id: org } }, secret), [id, org, secret])
}
