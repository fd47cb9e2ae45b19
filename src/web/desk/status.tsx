import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { LiveState } from '../../kit/client/live.ts'
import { takeUpdate, useUpdateReady } from './update.ts'

/** How the desk stands with its server, when there is something to say: no connection, old news, or a newer desk. */
export function Status({ live }: { live: LiveState }) {
  const { t } = useTranslation()
  const online = useOnline()
  const ready = useUpdateReady()
  const said = online ? (live === 'lost' ? t('live.lost') : '') : t('live.offline')
  return (
    <>
      <div role="status" className={said ? 'offline' : 'spoken'}>
        {said}
      </div>
      {ready && online && (
        <div className="offline update">
          <span role="status">{t('live.update')}</span>
          <button type="button" className="plain link" onClick={takeUpdate}>
            {t('live.take-update')}
          </button>
        </div>
      )}
    </>
  )
}

function useOnline(): boolean {
  return useSyncExternalStore(watch, () => navigator.onLine)
}

function watch(watcher: () => void): () => void {
  addEventListener('online', watcher)
  addEventListener('offline', watcher)
  return () => {
    removeEventListener('online', watcher)
    removeEventListener('offline', watcher)
  }
}
