import { useTranslation } from 'react-i18next'
import { labelOf } from '../../web/ui/i18n.ts'
import { When } from '../../web/ui/when.tsx'
import type { SettingItem, SettingList } from '../contract.ts'

type Props = {
  readonly item: SettingItem
  readonly list: SettingList
  readonly depth: number
  readonly edit: (() => void) | undefined
  readonly move: ((to: 'up' | 'down') => void) | undefined
}

/** A value with where it is used and who changed it last. */
export function ListRow({ item, depth, edit, move }: Props) {
  const { t, i18n } = useTranslation()
  const name = labelOf(item.labels, item.code)
  return (
    <li className={item.archived ? 'archived' : undefined} style={{ '--depth': depth } as React.CSSProperties}>
      <span className="settings-name">
        {edit ? (
          <button type="button" className="plain link" onClick={edit} aria-label={t('settings.edit-one', { name })}>
            {name}
          </button>
        ) : (
          name
        )}{' '}
        <span className="quiet small">{item.code}</span>{' '}
        {item.archived && <span className="tag">{t('settings.archived')}</span>}
      </span>
      <span className="quiet small settings-used">
        {item.used > 0 ? t('settings.used', { n: item.used.toLocaleString(i18n.language) }) : t('settings.unused')}
        {item.lines > 0 && `・${t('settings.lines', { n: item.lines })}`}
        {item.place && `・${t(`calendars.${item.place.calendarKey}`, { defaultValue: item.place.calendarKey })}`}
      </span>
      <span className="quiet small settings-changed">
        {item.changed && (
          <>
            {t('settings.changed-by', { who: item.changed.by })} <When at={item.changed.at} />
          </>
        )}
      </span>
      {move && (
        <span className="settings-move">
          {(['up', 'down'] as const).map((to) => (
            <button
              key={to}
              type="button"
              className="plain"
              aria-label={t(`settings.move-${to}`, { name })}
              onClick={() => move(to)}
            >
              {to === 'up' ? '↑' : '↓'}
            </button>
          ))}
        </span>
      )}
    </li>
  )
}
