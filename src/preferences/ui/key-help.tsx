import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../web/ui/dialog.tsx'
import { keyCap } from '../../web/ui/key.tsx'
import { keyIn, keyNames, useKeys } from '../../web/ui/keys.ts'

/** Keys nobody can change: they belong to the field or the list that has the focus. */
const fixed = [
  ['palette', 'Ctrl / ⌘ K'],
  ['open', 'Enter'],
  ['move', '↑ ↓'],
  ['leave', 'Esc'],
  ['send', 'Ctrl / ⌘ Enter'],
] as const

/** The keys as they are now. */
export default function KeyHelp({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const keys = useKeys()
  return (
    <Dialog label={t('my-keys.help')} close={close} kind="sheet">
      {!keys.on && <p className="note-box warn">{t('my-keys.off')}</p>}
      <dl className="key-list">
        {keyNames.map((name) => {
          const key = keyIn(keys, name)
          return (
            key && (
              <div key={name}>
                <dt>{t(`my-keys.names.${name}`)}</dt>
                <dd>
                  <kbd>{keyCap(key)}</kbd>
                </dd>
              </div>
            )
          )
        })}
        {fixed.map(([name, key]) => (
          <div key={name}>
            <dt>{t(`my-keys.fixed.${name}`)}</dt>
            <dd>
              <kbd>{key}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <Link to="/account/keys" className="link" onClick={close}>
        {t('my-keys.change-them')}
      </Link>
    </Dialog>
  )
}
