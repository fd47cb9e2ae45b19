import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { getPublicPromises, putPublicPromises } from '../../portal/contract.ts'
import { Page } from '../../web/ui/page.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMay } from '../../web/ui/session.ts'
import { Answer } from '../../web/ui/states.tsx'
import { read, useSend } from '../../web/ui/use-call.ts'
import { UndoStrip, useUndo } from './undo-strip.tsx'
import './settings.css'

type Published = ReplyOf<typeof getPublicPromises>['published']
const ways: readonly Published[] = ['working_hours', 'exact']

/** How the public is told the dates counted round the clock: as people who are there can keep them, or as they are. */
export function PromisesPage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const writes = useMay('settings.write')
  const answer = useQuery(read(getPublicPromises, {}))
  const undo = useUndo()
  const save = useSend(putPublicPromises, (reply) => client.setQueryData([getPublicPromises.id, {}], reply))
  const set = async (published: Published, before: Published) => {
    await save.mutateAsync({ body: { published } })
    undo.tell(t('promises.done', { way: t(`promises.${published}`) }), () =>
      save.mutateAsync({ body: { published: before } }),
    )
  }
  return (
    <Page title={t('nav.promises')} hint={t('promises.hint')}>
      <UndoStrip undo={undo} />
      <ProblemNote error={save.error} />
      <Answer of={answer}>
        {({ published }) => (
          <fieldset className="group promises" disabled={!writes || save.isPending}>
            <legend>{t('promises.label')}</legend>
            {ways.map((way) => (
              <label key={way} className="promises-way">
                <input
                  type="radio"
                  name="published"
                  checked={published === way}
                  onChange={() => void set(way, published).catch(() => undefined)}
                />
                <span>
                  {t(`promises.${way}`)}
                  <span className="small quiet">{t(`promises.${way}-hint`)}</span>
                </span>
              </label>
            ))}
          </fieldset>
        )}
      </Answer>
      <p className="small quiet">{t('promises.unmoved')}</p>
    </Page>
  )
}
