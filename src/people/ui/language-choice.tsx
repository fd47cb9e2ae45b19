import { useTranslation } from 'react-i18next'
import { locales, switchLocale } from '../../web/ui/i18n.ts'
import { languageNames } from '../../web/ui/language-names.ts'

export function LanguageChoice({ chosen }: { chosen?: (locale: (typeof locales)[number]) => void }) {
  const { t, i18n } = useTranslation()
  return (
    <div className="languages" role="group" aria-label={t('common.language')}>
      {locales.map((locale) => (
        <button
          type="button"
          key={locale}
          lang={locale}
          aria-pressed={i18n.language === locale}
          className={i18n.language === locale ? 'chip on' : 'chip'}
          onClick={() => {
            void switchLocale(locale)
            chosen?.(locale)
          }}
        >
          {languageNames[locale]}
        </button>
      ))}
    </div>
  )
}
