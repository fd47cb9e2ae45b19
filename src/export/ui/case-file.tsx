import { Menu } from '@mantine/core'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../kit/client/address.ts'
import { type Variant, variants } from '../contract.ts'
import { useSavedPdf } from './save-pdf.ts'

const forms = ['html', 'pdf'] as const
type Form = (typeof forms)[number]

export type CaseFileLink = { readonly key: string; readonly label: string; readonly href: string; readonly form: Form }

/** The case file of a complaint in its two variants, each as a page to print and as a PDF. */
export function useCaseFiles(id: string): readonly CaseFileLink[] {
  const { t, i18n } = useTranslation()
  return variants.flatMap((variant: Variant) =>
    forms.map((form) => ({
      key: `${variant}-${form}`,
      label: t(`case-file.${form}`, { variant: t(`case-file.menu-${variant}`) }),
      href: addressOf(`/api/v1/complaints/:id/case-file.${form}`, { id }, { variant, language: i18n.language }),
      form,
    })),
  )
}

/** For a menu of what can be done with a complaint. */
export function CaseFileItems({ id }: { id: string }) {
  const { t } = useTranslation()
  const save = useSavedPdf()
  return (
    <div role="group" aria-label={t('case-file.menu')}>
      <p className="menu-label" aria-hidden="true">
        {t('case-file.menu')}
      </p>
      {useCaseFiles(id).map(({ key, label, href, form }) => (
        <Menu.Item
          key={key}
          component="a"
          href={href}
          {...waysOf(form)}
          onClick={form === 'pdf' ? (e: MouseEvent) => save(e, href) : undefined}
        >
          {label}
        </Menu.Item>
      ))}
    </div>
  )
}

/** For a page. */
export function CaseFileLinks({ id }: { id: string }) {
  const { t } = useTranslation()
  const save = useSavedPdf()
  return (
    <span className="row-flex" role="group" aria-label={t('case-file.menu')}>
      <span>{t('case-file.menu')}</span>
      {useCaseFiles(id).map(({ key, label, href, form }) => (
        <a
          key={key}
          className="link"
          href={href}
          {...waysOf(form)}
          onClick={form === 'pdf' ? (e) => save(e, href) : undefined}
        >
          {label}
        </a>
      ))}
      <span className="quiet small">{t('case-file.hint')}</span>
    </span>
  )
}

/** The page opens beside the desk, the PDF is saved. */
const waysOf = (form: Form) => (form === 'pdf' ? { download: true } : { target: '_blank', rel: 'noreferrer' })
