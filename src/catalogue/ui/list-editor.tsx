import { Button, Modal, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { catalogue } from '../../complaints/contract.ts'
import { call } from '../../kit/client/call.ts'
import { randomUuid } from '../../kit/client/uuid.ts'
import { labelOf } from '../../web/ui/i18n.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMay } from '../../web/ui/session.ts'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import {
  addSetting,
  changeSetting,
  listSettings,
  removeSetting,
  type SettingItem,
  type SettingList,
  treeLists,
} from '../contract.ts'
import { ListRow } from './list-row.tsx'
import { SettingForm } from './setting-form.tsx'
import { inTree } from './tree.ts'
import { type Undo, UndoStrip, useUndo } from './undo-strip.tsx'
import './settings.css'

/** One list of an organisation: looked through, added to, renamed, moved, ordered, put into the archive; each taken back in one click. */
export function ListEditor({ list }: { list: SettingList }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const writes = useMay('settings.write')
  const answer = useQuery(read(listSettings, { query: { list } }))
  const [wanted, setWanted] = useState('')
  const [editing, setEditing] = useState<SettingItem | 'new' | null>(null)
  const [error, setError] = useState<unknown>(null)
  const undo = useUndo()
  const again = async () => {
    await client.invalidateQueries({ queryKey: [listSettings.id] })
    void client.invalidateQueries({ queryKey: [catalogue.id] })
  }
  const doing = async (work: () => Promise<unknown>) => {
    setError(null)
    try {
      await work()
      setEditing(null)
    } catch (problem) {
      setError(problem)
      setEditing(null)
    }
    await again()
  }
  const steps = stepsOf(list, undo, again, t)
  return (
    <section aria-label={t(`settings.lists.${list}`)}>
      <div className="settings-head">
        <TextInput
          type="search"
          aria-label={t('settings.search')}
          placeholder={t('settings.search')}
          value={wanted}
          onChange={(e) => setWanted(e.currentTarget.value)}
        />
        {writes && <Button onClick={() => setEditing('new')}>{t('settings.add')}</Button>}
      </div>
      <UndoStrip undo={undo} />
      <ProblemNote error={error} />
      <Answer of={answer}>
        {({ items }) => {
          const shown = found(items, wanted, treeLists.includes(list))
          if (shown.length === 0)
            return <Empty title={t(items.length === 0 ? 'settings.empty' : 'common.nothing-found')} />
          return (
            <ul className="settings-list">
              {shown.map(({ item, depth }) => (
                <ListRow
                  key={item.key}
                  item={item}
                  depth={depth}
                  list={list}
                  edit={writes ? () => setEditing(item) : undefined}
                  move={
                    writes && wanted === '' && !item.archived
                      ? (to) => void doing(() => steps.move(item, to))
                      : undefined
                  }
                />
              ))}
            </ul>
          )
        }}
      </Answer>
      {editing && answer.data && (
        <Modal
          opened
          onClose={() => setEditing(null)}
          title={editing === 'new' ? t('settings.add') : labelOf(editing.labels, editing.code)}
          closeButtonProps={{ 'aria-label': t('common.close') }}
        >
          <SettingForm
            list={list}
            item={editing === 'new' ? undefined : editing}
            items={answer.data.items}
            saved={async (now, before) => {
              steps.told(now, before)
              setEditing(null)
              await again()
            }}
          >
            {editing !== 'new' && (
              <Button variant="default" onClick={() => void doing(() => steps.archive(editing, !editing.archived))}>
                {t(editing.archived ? 'settings.revive' : 'settings.archive')}
              </Button>
            )}
            {editing !== 'new' && editing.used + editing.lines === 0 && !editing.shipped && (
              <Button variant="default" onClick={() => void doing(() => steps.remove(editing))}>
                {t('settings.remove')}
              </Button>
            )}
          </SettingForm>
        </Modal>
      )}
    </section>
  )
}

type T = (key: string, values?: Record<string, unknown>) => string

/** What can be done to a value, each with its way back. */
function stepsOf(list: SettingList, undo: Undo, again: () => Promise<void>, t: T) {
  const name = (i: SettingItem) => labelOf(i.labels, i.code)
  const change = (body: Omit<Parameters<typeof call<typeof changeSetting>>[1]['body'], 'list'>) =>
    call(changeSetting, { body: { list, ...body } }, { idempotencyKey: randomUuid() })
  const remove = (i: SettingItem) =>
    call(removeSetting, { body: { list, key: i.key, version: i.version } }, { idempotencyKey: randomUuid() })
  const add = ({ code, labels, parent, place }: SettingItem) =>
    call(
      addSetting,
      { body: { list, code, labels, parent, ...(place ? { place } : {}) } },
      { idempotencyKey: randomUuid() },
    )
  const tell = (key: string, item: SettingItem, back: () => Promise<unknown>) =>
    undo.tell(t(`settings.done-${key}`, { name: name(item) }), () => back().finally(again))
  return {
    archive: async (item: SettingItem, archived: boolean) => {
      const now = await change({ key: item.key, version: item.version, archived })
      tell(archived ? 'archived' : 'revived', now, () =>
        change({ key: now.key, version: now.version, archived: !archived }),
      )
    },
    move: async (item: SettingItem, to: 'up' | 'down') => {
      const now = await change({ key: item.key, version: item.version, move: to })
      tell('moved', now, () => change({ key: now.key, version: now.version, move: to === 'up' ? 'down' : 'up' }))
    },
    remove: async (item: SettingItem) => {
      await remove(item)
      tell('removed', item, () => add(item))
    },
    told: (now: SettingItem, before: SettingItem | undefined) => {
      if (!before) tell('added', now, () => remove(now))
      else {
        const { labels, parent, place } = before
        tell('changed', now, () =>
          change({ key: now.key, version: now.version, labels, parent, ...(place ? { place } : {}) }),
        )
      }
    },
  }
}

const plain = (text: string) => text.normalize('NFKC').toLowerCase()

/** By name in any language or by code; in their tree while nothing is looked for. */
function found(items: readonly SettingItem[], wanted: string, tree: boolean) {
  const archived = items.filter((i) => i.archived).map((item) => ({ item, depth: 0 }))
  const used = items.filter((i) => !i.archived)
  if (wanted.trim() === '') return [...(tree ? inTree(used) : used.map((item) => ({ item, depth: 0 }))), ...archived]
  const hit = ({ code, labels }: SettingItem) =>
    plain(`${code} ${labels.zhHant} ${labels.zhHans} ${labels.en}`).includes(plain(wanted.trim()))
  return items.filter(hit).map((item) => ({ item, depth: 0 }))
}
