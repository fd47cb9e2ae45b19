import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { UndoStrip, useUndo } from '../../catalogue/ui/index.ts'
import { useNames } from '../../complaints/ui/index.ts'
import { call } from '../../kit/client/call.ts'
import { randomUuid } from '../../kit/client/uuid.ts'
import { labelOf } from '../../web/ui/i18n.ts'
import { Page } from '../../web/ui/page.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMay } from '../../web/ui/session.ts'
import { Answer } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { addLine, changeLine, readRouting, removeLine, type RoutingLine, setMode, tryRouting } from '../contract.ts'
import { LineForm } from './line-form.tsx'
import { LinesTable } from './lines-table.tsx'
import { Teams } from './teams.tsx'
import { Trial } from './trial.tsx'

type Where = Pick<RoutingLine, 'placeId' | 'typeCode' | 'teamId'>
const once = () => ({ idempotencyKey: randomUuid() })
const whereOf = ({ placeId, typeCode, teamId }: Where): Where => ({ placeId, typeCode, teamId })

/** Where complaints go by place and type, and how each team shares out; with what is wrong, and what it would do. */
export function RoutingPage() {
  const { t } = useTranslation()
  const names = useNames()
  const client = useQueryClient()
  const writes = useMay('settings.write')
  const answer = useQuery(read(readRouting, {}))
  const undo = useUndo()
  const [editing, setEditing] = useState<RoutingLine | null>(null)
  const [error, setError] = useState<unknown>(null)
  const again = async () => {
    await client.invalidateQueries({ queryKey: [readRouting.id] })
    void client.invalidateQueries({ queryKey: [tryRouting.id] })
  }
  const doing = async (said: string, work: () => Promise<() => Promise<unknown>>): Promise<boolean> => {
    setError(null)
    try {
      const back = await work()
      undo.tell(said, () => back().finally(again))
      return true
    } catch (problem) {
      setError(problem)
      return false
    } finally {
      await again()
    }
  }
  const drop = (id: string, version: number) => call(removeLine, { params: { id }, body: { version } }, once())
  const save = (where: Where) =>
    doing(t('routing.done-saved', { team: names.team(where.teamId) }), async () => {
      if (editing) {
        const { id, version } = editing
        await call(changeLine, { params: { id }, body: { ...where, version } }, once())
        return () => call(changeLine, { params: { id }, body: { ...whereOf(editing), version: version + 1 } }, once())
      }
      const { id } = await call(addLine, { body: where }, once())
      return () => drop(id, 1)
    })
  const remove = (line: RoutingLine) =>
    doing(t('routing.done-removed'), async () => {
      await drop(line.id, line.version)
      return () => call(addLine, { body: whereOf(line) }, once())
    })
  const share = (id: string, mode: 'by_hand' | 'fewest_open') =>
    doing(t('routing.done-mode', { team: names.team(id) }), async () => {
      await call(setMode, { params: { id }, body: { mode } }, once())
      const before = mode === 'by_hand' ? 'fewest_open' : 'by_hand'
      return () => call(setMode, { params: { id }, body: { mode: before } }, once())
    })
  return (
    <Page title={t('nav.routing')} hint={t('routing.hint')} wide>
      <UndoStrip undo={undo} />
      <ProblemNote error={error} />
      <Answer of={{ ...answer, data: names.catalogue && answer.data }}>
        {({ lines, teams }) => (
          <>
            <section>
              <h2>{t('routing.lines')}</h2>
              <LinesTable
                lines={lines}
                fallback={labelOf(teams.find((x) => x.isDefault)?.name ?? teams[0]?.name)}
                edit={writes ? setEditing : undefined}
                remove={writes ? (line) => void remove(line) : undefined}
              />
              {writes && (
                <LineForm
                  key={editing?.id ?? 'new'}
                  line={editing}
                  save={async (where) => {
                    const done = await save(where)
                    if (done) setEditing(null)
                    return done
                  }}
                  cancel={() => setEditing(null)}
                />
              )}
            </section>
            <section>
              <h2>{t('routing.teams')}</h2>
              <Teams teams={teams} share={writes ? (id, mode) => void share(id, mode) : undefined} />
            </section>
            <Trial />
          </>
        )}
      </Answer>
    </Page>
  )
}
