import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { Answer } from '../../web/ui/states.tsx'
import { read, useSend } from '../../web/ui/use-call.ts'
import { When } from '../../web/ui/when.tsx'
import { endSession, endSessions, mySessions } from '../contract.ts'

/** Where I am signed in, and the way to end it. */
export function Sessions() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const list = useQuery(read(mySessions, {}))
  const again = () => client.invalidateQueries({ queryKey: [mySessions.id] })
  const end = useSend(endSession, again)
  const endAll = useSend(endSessions, again)
  return (
    <section aria-label={t('sessions.title')}>
      <h2>{t('sessions.title')}</h2>
      <ProblemNote error={end.error ?? endAll.error} />
      <Answer of={list}>
        {({ sessions }) => (
          <>
            <table className="table">
              <tbody>
                {sessions.map((s) => (
                  <tr key={s.id}>
                    <td>{s.device || t('sessions.unknown')}</td>
                    <td>
                      {t('sessions.used')} <When at={s.lastUsedAt} />
                    </td>
                    <td>
                      {s.current ? (
                        <span className="tag">{t('sessions.this')}</span>
                      ) : (
                        <button
                          type="button"
                          className="plain link"
                          onClick={() => end.mutate({ params: { id: s.id } })}
                        >
                          {t('sessions.end')}
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {sessions.length > 1 && (
              <Button mt={10} variant="default" onClick={() => endAll.mutate({ query: { keep: 'current' } })}>
                {t('sessions.end-others')}
              </Button>
            )}
          </>
        )}
      </Answer>
    </section>
  )
}
