import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../kit/client/problem-error.ts'
import type { BodyInput } from '../../kit/contract/endpoint.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { toast } from '../../web/ui/toast.tsx'
import { useSend } from '../../web/ui/use-call.ts'
import { changeCustomer, notUsed, preferredChannel } from '../contract.ts'
import type { Customer } from './customer-page.tsx'

type Body = BodyInput<typeof changeCustomer>
type Identity = Body['identities'][number] & { readonly key: string }
const kinds = ['phone', 'mail', 'address', 'line', 'wechat', 'facebook', 'instagram', 'x', 'member_no', 'other']
const locales = ['zh-Hant', 'zh-Hans', 'en'] as const

/** Only addresses of this entry: those of a merged one are corrected there. */
const ownOf = (c: Customer): Identity[] =>
  c.identities
    .filter((i) => i.customerId === c.id)
    .map(({ id, kind, value, notUsed: why }) => ({ key: id, id, kind, value, notUsed: why }))

type Props = { customer: Customer; again: () => Promise<Customer | undefined>; close: () => void }

/** Name, language, way of contact and addresses. What somebody else saved meanwhile is shown, and nothing typed is lost. */
export function CustomerEdit({ customer, again, close }: Props) {
  const { t } = useTranslation()
  const [version, setVersion] = useState(customer.version)
  const [base, setBase] = useState(() => ownOf(customer))
  const [name, setName] = useState(customer.name)
  const [locale, setLocale] = useState(customer.locale)
  const [preferred, setPreferred] = useState(customer.preferredChannel)
  const [identities, setIdentities] = useState(base)
  const save = useSend(changeCustomer, async () => {
    await again()
    toast(t('customers.saved'))
    close()
  })
  const change = (key: string, part: Partial<Identity>) =>
    setIdentities((all) => all.map((i) => (i.key === key ? { ...i, ...part } : i)))
  const submit = (e: React.FormEvent) => {
    e.preventDefault()
    const body: Body = {
      version,
      name,
      locale,
      preferredChannel: preferred,
      identities: identities
        .filter((i) => i.value.trim() !== '')
        .map(({ id, kind, value, notUsed: why }) => ({ ...(id ? { id } : {}), kind, value, notUsed: why })),
    }
    save.mutate(
      { params: { id: customer.id }, body },
      {
        onError: async (error) => {
          if (problemOf(error).code !== 'customers.changed-meanwhile') return
          const now = await again()
          if (!now) return
          const fresh = ownOf(now)
          // What the other added stays; what they took away goes, unless it was typed over here.
          setIdentities((all) => [
            ...all.filter((i) => i.id === undefined || fresh.some((f) => f.id === i.id)),
            ...fresh.filter((f) => !base.some((b) => b.id === f.id)),
          ])
          setBase(fresh)
          setVersion(now.version)
        },
      },
    )
  }
  return (
    <form className="note-box stack" aria-label={t('customers.editing')} onSubmit={submit}>
      <ProblemNote error={save.error}>
        {version !== customer.version || save.error ? <p>{t('customers.meanwhile', { name: customer.name })}</p> : null}
      </ProblemNote>
      <div className="two">
        <TextInput label={t('customers.name')} value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <NativeSelect
          label={t('customers.locale')}
          value={locale}
          onChange={(e) => setLocale(locales.find((l) => l === e.currentTarget.value) ?? locale)}
          data={locales.map((value) => ({ value, label: t(`locales.${value}`) }))}
        />
        <NativeSelect
          label={t('customers.preferred')}
          value={preferred ?? ''}
          onChange={(e) => setPreferred(preferredChannel.options.find((p) => p === e.currentTarget.value) ?? null)}
          data={[
            { value: '', label: t('customers.preferred-none') },
            ...preferredChannel.options.map((value) => ({ value, label: t(`customers.preferred-is.${value}`) })),
          ]}
        />
      </div>
      <div>
        {identities.map((i) => (
          <div key={i.key} className="identity-edit">
            <NativeSelect
              label={t('customers.kind')}
              value={i.kind}
              onChange={(e) => change(i.key, { kind: e.currentTarget.value })}
              data={[...new Set([...kinds, i.kind])].map((value) => ({
                value,
                label: t(`identities.${value}`, { defaultValue: value }),
              }))}
            />
            {i.kind === 'address' ? (
              <Textarea
                label={t('customers.value')}
                autosize
                minRows={2}
                value={i.value}
                onChange={(e) => change(i.key, { value: e.currentTarget.value })}
              />
            ) : (
              <TextInput
                label={t('customers.value')}
                value={i.value}
                onChange={(e) => change(i.key, { value: e.currentTarget.value })}
              />
            )}
            <NativeSelect
              label={t('customers.use')}
              value={i.notUsed ?? ''}
              onChange={(e) =>
                change(i.key, { notUsed: notUsed.options.find((n) => n === e.currentTarget.value) ?? null })
              }
              data={[
                { value: '', label: t('customers.usable') },
                ...notUsed.options.map((value) => ({ value, label: t(`customers.not-used.${value}`) })),
              ]}
            />
            <button
              type="button"
              className="plain link"
              aria-label={t('customers.remove-identity', { value: i.value })}
              onClick={() => setIdentities((all) => all.filter((x) => x.key !== i.key))}
            >
              ✕
            </button>
          </div>
        ))}
        <button
          type="button"
          className="plain link"
          onClick={() =>
            setIdentities((all) => [
              ...all,
              { key: `new${all.length}${Date.now()}`, kind: 'phone', value: '', notUsed: null },
            ])
          }
        >
          + {t('customers.add-identity')}
        </button>
      </div>
      <div className="row-flex">
        <Button type="submit" loading={save.isPending}>
          {t('common.save')}
        </Button>
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  )
}
