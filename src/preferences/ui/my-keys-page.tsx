import { Button, Checkbox } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keyCap } from '../../web/ui/key.tsx'
import { isComposing, type KeyName, keyIn, keyNames, standardKeys } from '../../web/ui/keys.ts'
import { Page } from '../../web/ui/page.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { usePreferences } from './use-preferences.ts'

/** One's own keys: press another one, take one back, or switch all of them off (WCAG 2.1.4). */
export function MyKeysPage() {
  const { t } = useTranslation()
  const { preferences, change, error } = usePreferences()
  const { keys } = preferences
  const [asking, setAsking] = useState<KeyName | null>(null)
  const [taken, setTaken] = useState<{ key: string; by: KeyName; for: KeyName } | null>(null)
  const put = (map: Record<string, string | null>) => {
    setTaken(null)
    change({ keys: { ...keys, map } })
  }
  const press = (name: KeyName, key: string) => {
    setAsking(null)
    const by = keyNames.find((other) => other !== name && keyIn(keys, other) === key)
    if (by) setTaken({ key, by, for: name })
    else put({ ...keys.map, [name]: key })
  }
  const changed = keyNames.filter((name) => keyIn(keys, name) !== standardKeys[name])
  return (
    <Page title={t('my-keys.title')} hint={t('my-keys.hint')}>
      <Checkbox
        label={t('my-keys.on')}
        description={t('my-keys.on-hint')}
        checked={keys.on}
        onChange={(e) => change({ keys: { ...keys, on: e.currentTarget.checked } })}
      />
      {taken && (
        <div className="note-box warn" role="alert">
          <p>{t('my-keys.taken', { key: keyCap(taken.key), by: t(`my-keys.names.${taken.by}`) })}</p>
          <Button
            size="compact-sm"
            variant="default"
            mt={6}
            onClick={() => put({ ...keys.map, [taken.for]: taken.key, [taken.by]: null })}
          >
            {t('my-keys.take', { name: t(`my-keys.names.${taken.for}`) })}
          </Button>
        </div>
      )}
      <ProblemNote error={error} />
      <table className="table my-keys" aria-disabled={!keys.on}>
        <thead>
          <tr>
            <th>{t('common.action')}</th>
            <th>{t('my-keys.key')}</th>
            <th>
              <span className="spoken">{t('my-keys.reset')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keyNames.map((name) => (
            <tr key={name}>
              <td>{t(`my-keys.names.${name}`)}</td>
              <td>
                <KeyField
                  label={t('my-keys.change', { name: t(`my-keys.names.${name}`) })}
                  shown={keyIn(keys, name)}
                  asking={asking === name}
                  ask={(on) => setAsking(on ? name : null)}
                  press={(key) => press(name, key)}
                />
              </td>
              <td>
                {changed.includes(name) && (
                  <button
                    type="button"
                    className="plain link"
                    onClick={() => {
                      const { [name]: _own, ...others } = keys.map
                      const by = keyNames.find((o) => o !== name && keyIn(keys, o) === standardKeys[name])
                      if (by) setTaken({ key: standardKeys[name], by, for: name })
                      else put(others)
                    }}
                  >
                    {t('my-keys.reset')}
                    <span className="spoken"> {t(`my-keys.names.${name}`)}</span>
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button variant="default" mt={14} disabled={changed.length === 0} onClick={() => put({})}>
        {t('my-keys.reset-all')}
      </Button>
    </Page>
  )
}

type FieldProps = {
  readonly label: string
  readonly shown: string | null
  readonly asking: boolean
  readonly ask: (on: boolean) => void
  readonly press: (key: string) => void
}

/** Takes the next key that writes one character. Escape leaves it, Tab goes on. */
function KeyField({ label, shown, asking, ask, press }: FieldProps) {
  const { t } = useTranslation()
  const latest = useRef(press)
  latest.current = press
  useEffect(() => {
    if (!asking) return
    const onKey = (e: KeyboardEvent) => {
      if (isComposing(e) || e.ctrlKey || e.metaKey || e.altKey || e.key === 'Tab') return
      if (e.key === 'Escape') ask(false)
      else if ([...e.key].length === 1 && e.key.trim() !== '') latest.current(e.key)
      else return
      e.preventDefault()
      e.stopPropagation()
    }
    addEventListener('keydown', onKey, true)
    return () => removeEventListener('keydown', onKey, true)
  }, [asking, ask])
  return (
    <button
      type="button"
      className={asking ? 'key-field asking' : 'key-field'}
      aria-label={asking ? t('my-keys.press') : `${label}: ${shown === null ? t('my-keys.none') : keyCap(shown)}`}
      onClick={() => ask(!asking)}
      onBlur={() => asking && ask(false)}
    >
      {asking ? t('my-keys.press') : shown === null ? t('my-keys.none') : <kbd>{keyCap(shown)}</kbd>}
    </button>
  )
}
