import { Checkbox, NativeSelect } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../web/ui/dialog.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { ThemeChoice } from './theme-choice.tsx'
import { usePreferences } from './use-preferences.ts'

/** How I like the desk, one press away: colours, quiet, what may leave the page. */
export default function MyDesk({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { error } = usePreferences()
  return (
    <Dialog label={t('my-desk.title')} close={close} kind="beside">
      <div className="stack">
        <ThemeChoice />
        <QuietHours />
        <Outside />
        <Link to="/account/keys" className="link" onClick={close}>
          {t('my-keys.title')}
        </Link>
        <ProblemNote error={error} />
      </div>
    </Dialog>
  )
}

const night = { from: '20:00', to: '08:00' }

function QuietHours() {
  const { t } = useTranslation()
  const { preferences, change } = usePreferences()
  const { quiet } = preferences
  const { daily } = quiet
  const set = (part: Partial<typeof night>) => change({ quiet: { ...quiet, daily: { ...(daily ?? night), ...part } } })
  return (
    <fieldset className="group">
      <legend>{t('my-desk.quiet')}</legend>
      <p className="quiet small">{t('my-desk.quiet-hint')}</p>
      <Checkbox
        label={t('my-desk.quiet-daily')}
        checked={daily !== null}
        onChange={(e) => change({ quiet: { ...quiet, daily: e.currentTarget.checked ? night : null } })}
      />
      {daily && (
        <div className="two">
          <NativeSelect
            label={t('my-desk.from')}
            data={halfHours}
            value={daily.from}
            onChange={(e) => set({ from: e.currentTarget.value })}
          />
          <NativeSelect
            label={t('my-desk.to')}
            data={halfHours}
            value={daily.to}
            onChange={(e) => set({ to: e.currentTarget.value })}
          />
        </div>
      )}
    </fieldset>
  )
}

const halfHours = Array.from(
  { length: 48 },
  (_, i) => `${String(Math.floor(i / 2)).padStart(2, '0')}:${i % 2 === 0 ? '00' : '30'}`,
)

/** A notification of the system is asked for by this click, and by nothing else. */
function Outside() {
  const { t } = useTranslation()
  const { preferences, change } = usePreferences()
  const { notify } = preferences
  const [refused, setRefused] = useState(false)
  const ask = async (on: boolean) => {
    if (!on) return change({ notify: { ...notify, system: false } })
    const can = typeof Notification !== 'undefined'
    const given = can ? await Notification.requestPermission() : 'denied'
    setRefused(given !== 'granted')
    if (given === 'granted') change({ notify: { ...notify, system: true } })
  }
  return (
    <fieldset className="group">
      <legend>{t('my-desk.outside')}</legend>
      <Checkbox
        label={t('my-desk.system')}
        description={t('my-desk.system-hint')}
        checked={notify.system}
        onChange={(e) => void ask(e.currentTarget.checked)}
      />
      {refused && (
        <p role="alert" className="small soon">
          {t('my-desk.system-refused')}
        </p>
      )}
      <Checkbox
        label={t('my-desk.sound')}
        checked={notify.sound}
        onChange={(e) => change({ notify: { ...notify, sound: e.currentTarget.checked } })}
      />
    </fieldset>
  )
}
