import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** 話後處理: how long the work after a call should take at most, in seconds (domain.md §9). */
const wrapUpSeconds = 60

/** The time (epoch ms), each second while `running`. */
function useSeconds(running: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [running])
  return now
}

const minutes = (ms: number) => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** How long they have been talking, then how long the rest takes. For the operator's own eyes: nobody is scored by it. */
export function Timers({ startedAt, endedAt }: { startedAt: number; endedAt: number }) {
  const { t } = useTranslation()
  const now = useSeconds(startedAt > 0)
  if (startedAt === 0) return null
  const after = endedAt > 0 ? now - endedAt : 0
  return (
    <p className="timers">
      <span>
        {t('call.timer')} <b>{minutes((endedAt || now) - startedAt)}</b>
      </span>
      {endedAt > 0 && (
        <span className={after > wrapUpSeconds * 1000 ? 'soon' : ''}>
          {t('call.wrap-up')} <b>{minutes(after)}</b>
        </span>
      )}
    </p>
  )
}
