import { Button, Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isComposing } from '../../web/ui/keys.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMay } from '../../web/ui/session.ts'
import { useSend } from '../../web/ui/use-call.ts'
import { addView, type SavedFilter } from '../contract.ts'

type Props = { search: SavedFilter; done: () => void; close: () => void }

export default function SaveForm({ search, done, close }: Props) {
  const { t } = useTranslation()
  const shares = useMay('view.share')
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const save = useSend(addView, done)
  const ready = name.trim() !== ''
  return (
    <form
      className="save-view"
      aria-label={t('saved-views.save')}
      onSubmit={(e) => {
        e.preventDefault()
        if (ready) save.mutate({ body: { name, filter: search, shared } })
      }}
    >
      <TextInput
        size="xs"
        autoFocus
        aria-label={t('saved-views.name')}
        placeholder={t('saved-views.name')}
        value={name}
        maxLength={80}
        onChange={(e) => setName(e.currentTarget.value)}
        onKeyDown={(e) => !isComposing(e.nativeEvent) && e.key === 'Escape' && close()}
      />
      {shares && (
        <Checkbox
          size="xs"
          label={t('saved-views.for-all')}
          checked={shared}
          onChange={(e) => setShared(e.currentTarget.checked)}
        />
      )}
      <Button type="submit" size="compact-xs" disabled={!ready} loading={save.isPending}>
        {t('common.save')}
      </Button>
      <ProblemNote error={save.error} />
    </form>
  )
}
