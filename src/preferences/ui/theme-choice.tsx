import { useTranslation } from 'react-i18next'
import { themes } from '../contract.ts'
import { usePreferences } from './use-preferences.ts'

/** Light, dark, high contrast, or as the system is. */
export function ThemeChoice() {
  const { t } = useTranslation()
  const { preferences, change } = usePreferences()
  return (
    <fieldset className="group themes">
      <legend>{t('my-desk.theme')}</legend>
      {themes.map((theme) => (
        <label key={theme} className="theme-choice">
          <input type="radio" name="theme" checked={preferences.theme === theme} onChange={() => change({ theme })} />
          {t(`my-desk.themes.${theme}`)}
        </label>
      ))}
    </fieldset>
  )
}
