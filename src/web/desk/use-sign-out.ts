import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { signOut } from '../../people/contract.ts'
import { dropDrafts } from '../ui/drafts.ts'
import { useSend } from '../ui/use-call.ts'

/** Signs out here: what was typed, read and looked up leaves this computer. */
export function useSignOut(): () => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  const leave = useSend(signOut, async () => {
    dropDrafts()
    client.clear()
    await navigate({ to: '/sign-in', search: {} })
  })
  return () => leave.mutate({})
}
