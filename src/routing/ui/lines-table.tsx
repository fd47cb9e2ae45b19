import { useTranslation } from 'react-i18next'
import { useNames } from '../../complaints/ui/index.ts'
import { When } from '../../web/ui/when.tsx'
import type { RoutingLine } from '../contract.ts'

type Props = {
  readonly lines: readonly RoutingLine[]
  /** Where everything else goes. */
  readonly fallback: string
  readonly edit: ((line: RoutingLine) => void) | undefined
  readonly remove: ((line: RoutingLine) => void) | undefined
}

const rank = (l: RoutingLine) => (l.placeId && l.typeCode ? 0 : l.typeCode ? 1 : 2)

/** The table in the order in which lines win, the default team last. */
export function LinesTable({ lines, fallback, edit, remove }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  const place = (l: RoutingLine) => (l.placeId ? names.place(l.placeId) : t('routing.any'))
  const type = (l: RoutingLine) => (l.typeCode ? names.code('issue', l.typeCode) : t('routing.any'))
  const shown = [...lines].sort(
    (a, b) => rank(a) - rank(b) || type(a).localeCompare(type(b)) || place(a).localeCompare(place(b)),
  )
  return (
    <table className="table">
      <thead>
        <tr>
          <th>{t('routing.placeId')}</th>
          <th>{t('routing.typeCode')}</th>
          <th>{t('routing.teamId')}</th>
          <th>{t('routing.last')}</th>
          {edit && <th>{t('common.action')}</th>}
        </tr>
      </thead>
      <tbody>
        {shown.map((l) => {
          const line = `${place(l)}・${type(l)}`
          return (
            <tr key={l.id}>
              <td className={l.placeId ? undefined : 'quiet'}>{place(l)}</td>
              <td className={l.typeCode ? undefined : 'quiet'}>{type(l)}</td>
              <td>
                {names.team(l.teamId)} {l.flaw && <span className="tag soon">{t(`routing.flaws.${l.flaw}`)}</span>}
              </td>
              <td className="quiet small">
                {l.changed && (
                  <>
                    {l.changed.by} <When at={l.changed.at} />
                  </>
                )}
              </td>
              {edit && remove && (
                <td>
                  <div className="row-flex">
                    <button
                      type="button"
                      className="plain link"
                      aria-label={t('routing.change-one', { line })}
                      onClick={() => edit(l)}
                    >
                      {t('routing.change')}
                    </button>
                    <button
                      type="button"
                      className="plain link"
                      aria-label={t('routing.remove-one', { line })}
                      onClick={() => remove(l)}
                    >
                      {t('routing.remove')}
                    </button>
                  </div>
                </td>
              )}
            </tr>
          )
        })}
        <tr>
          <td colSpan={2} className="quiet">
            {t('routing.else')}
          </td>
          <td colSpan={edit ? 3 : 2}>{fallback}</td>
        </tr>
      </tbody>
    </table>
  )
}
