import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { labelOf } from '../../web/ui/i18n.ts'
import { Answer } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { tryRouting } from '../contract.ts'

/** With this table the last hundred would have gone to …: counts, nothing is moved. */
export function Trial() {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  const answer = useQuery({ ...read(tryRouting, {}), enabled: asked })
  return (
    <section>
      <h2>{t('routing.trial')}</h2>
      {!asked && (
        <Button variant="default" onClick={() => setAsked(true)}>
          {t('routing.try')}
        </Button>
      )}
      {asked && (
        <Answer of={answer}>
          {({ count, elsewhere, teams }) => (
            <>
              <p role="status">
                {t(elsewhere === 0 ? 'routing.trial-same' : 'routing.trial-says', { n: count, elsewhere })}
              </p>
              <table className="table">
                <thead>
                  <tr>
                    <th>{t('facts.teamId')}</th>
                    <th>{t('routing.is')}</th>
                    <th>{t('routing.would')}</th>
                  </tr>
                </thead>
                <tbody>
                  {teams.map((x) => (
                    <tr key={x.id}>
                      <td>{labelOf(x.name)}</td>
                      <td>{x.is}</td>
                      <td>{x.is === x.would ? x.would : <b>{x.would}</b>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )}
        </Answer>
      )}
    </section>
  )
}
