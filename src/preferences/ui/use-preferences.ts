import { useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { getMe, type Me } from '../../people/contract.ts'
import { setKeys } from '../../web/ui/keys.ts'
import { useMe } from '../../web/ui/session.ts'
import { useSend } from '../../web/ui/use-call.ts'
import { changePreferences, type Preferences, type Theme } from '../contract.ts'
import { keepContrast } from './contrast.ts'

export type Change = Partial<Preferences>

/** My preferences, and a way to change them: at once here, kept on the server, taken back where it says no. */
export function usePreferences() {
  const me = useMe()
  const client = useQueryClient()
  const put = (preferences: Preferences) =>
    client.setQueryData<Me>([getMe.id, {}], (seen) => seen && { ...seen, preferences })
  const send = useSend(changePreferences)
  const change = (change: Change) => {
    const before = me.preferences
    put({ ...before, ...change })
    // Heard of the last change alone: an earlier answer would take a later press back.
    send.mutate({ body: change }, { onSuccess: put, onError: () => put(before) })
  }
  return { preferences: me.preferences, change, error: send.error }
}

/** Brings the preferences of who is signed in to the desk: colours and keys. */
export function useAppliedPreferences({ preferences: { theme, keys } }: Pick<Me, 'preferences'>): void {
  const { setColorScheme } = useMantineColorScheme()
  useEffect(() => setKeys(keys), [keys])
  useEffect(() => {
    setColorScheme(schemeOf(theme))
    return keepContrast(theme === 'contrast')
    // Mantine gives a new function with every drawing.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [theme])
}

const schemeOf = (theme: Theme) => (theme === 'contrast' ? 'auto' : theme)
