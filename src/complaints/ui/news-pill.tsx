import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { forgetNews, useNews } from './news.ts'

type Props = { list: string; refresh: () => Promise<unknown>; top: () => void; empty: boolean }

/** "3 new": they come when they are asked for, and move nothing before. */
export function News({ list, refresh, top, empty }: Props) {
  const { t } = useTranslation()
  const count = useNews(list)
  const show = () => {
    forgetNews(list)
    void refresh().then(top)
  }
  useEffect(() => {
    if (count > 0 && empty) show()
  })
  return (
    <div aria-live="polite" className="news">
      {count > 0 && (
        <button type="button" onClick={show}>
          {t('inbox.new', { count })}
        </button>
      )}
    </div>
  )
}
