import { Menu, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isComposing } from '../../web/ui/keys.ts'
import { useMay } from '../../web/ui/session.ts'
import { useSend } from '../../web/ui/use-call.ts'
import { changeView, listViews, removeView, type SavedFilter, type SavedView } from '../contract.ts'

type Props = {
  view: SavedView
  views: readonly SavedView[]
  search: SavedFilter | undefined
  removed: (view: SavedView) => void
}

/** What can be done to a saved view: rename, other conditions, up and down, share, remove. */
export default function ViewMenu({ view, views, search, removed }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const shares = useMay('view.share')
  const [naming, setNaming] = useState<string | null>(null)
  const again = () => client.invalidateQueries({ queryKey: [listViews.id] })
  const change = useSend(changeView, again)
  const remove = useSend(removeView, () => {
    removed(view)
    return again()
  })
  const params = { id: view.id }
  const like = views.filter((v) => v.shared === view.shared)
  const at = like.findIndex((v) => v.id === view.id)
  if (naming !== null)
    return (
      <TextInput
        className="view-rename"
        size="xs"
        autoFocus
        aria-label={t('saved-views.name')}
        value={naming}
        maxLength={80}
        onChange={(e) => setNaming(e.currentTarget.value)}
        onBlur={() => setNaming(null)}
        onKeyDown={(e) => {
          if (isComposing(e.nativeEvent)) return
          if (e.key === 'Escape') setNaming(null)
          if (e.key !== 'Enter' || naming.trim() === '') return
          change.mutate({ params, body: { name: naming } })
          setNaming(null)
        }}
      />
    )
  return (
    <Menu position="bottom-start" width={200} menuItemTabIndex={0} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button type="button" className="plain view-more" aria-label={t('saved-views.more', { name: view.name })}>
          ⋯
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => setTimeout(() => setNaming(view.name))}>{t('saved-views.rename')}</Menu.Item>
        {search && (
          <Menu.Item onClick={() => change.mutate({ params, body: { filter: search } })}>
            {t('saved-views.take-filter')}
          </Menu.Item>
        )}
        <Menu.Item disabled={at === 0} onClick={() => change.mutate({ params, body: { position: at - 1 } })}>
          {t('saved-views.up')}
        </Menu.Item>
        <Menu.Item
          disabled={at === like.length - 1}
          onClick={() => change.mutate({ params, body: { position: at + 1 } })}
        >
          {t('saved-views.down')}
        </Menu.Item>
        {shares && (
          <Menu.Item onClick={() => change.mutate({ params, body: { shared: !view.shared } })}>
            {t(view.shared ? 'saved-views.unshare' : 'saved-views.share')}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => remove.mutate({ params })}>{t('saved-views.remove')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
