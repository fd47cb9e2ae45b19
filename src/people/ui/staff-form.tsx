import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { labelOf, locales } from '../../web/ui/i18n.ts'
import { languageNames } from '../../web/ui/language-names.ts'
import { CheckList } from '../../web/ui/check-list.tsx'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { ShownOnce } from '../../web/ui/shown-once.tsx'
import { useMe } from '../../web/ui/session.ts'
import { toast } from '../../web/ui/toast.tsx'
import { read, useSend } from '../../web/ui/use-call.ts'
import { addStaff, changeStaff, getLeaving, type listTeams, resetPassword, type StaffMember } from '../contract.ts'
import { roleNames } from '../roles.ts'
import { zoneNames } from './zones.ts'

type Props = {
  member: StaffMember | undefined
  staff: readonly StaffMember[]
  teams: ReplyOf<typeof listTeams>['teams']
  saved: () => unknown
  close: () => void
}

/** A new or known account; an initial password is shown once. */
export function StaffForm({ member, staff, teams, saved, close }: Props) {
  const { t } = useTranslation()
  const { organisation } = useMe()
  const [form, setForm] = useState({
    name: member?.name ?? '',
    mail: member?.mail ?? '',
    locale: member?.locale ?? organisation.locale,
    zone: member?.zone ?? organisation.zone,
    roles: member?.roles ?? [],
    teamIds: member?.teamIds ?? [],
    managerId: member?.managerId ?? null,
    active: member?.active ?? true,
  })
  const set = (part: Partial<typeof form>) => setForm((f) => ({ ...f, ...part }))
  const add = useSend(addStaff, saved)
  const client = useQueryClient()
  const change = useSend(changeStaff, async ({ active }) => {
    const left =
      member?.active && !active && client.getQueryData(read(getLeaving, { params: { id: member.id } }).queryKey)
    if (left) toast(t('staff.left', { count: left.complaints }))
    await saved()
    close()
  })
  const reset = useSend(resetPassword)
  const shown = add.data?.initialPassword ?? reset.data?.initialPassword
  const roles = form.roles as (typeof roleNames)[number][]
  const submit = (e: React.FormEvent) => {
    e.preventDefault()
    const { active, ...rest } = form
    if (member) change.mutate({ params: { id: member.id }, body: { ...rest, roles, active, version: member.version } })
    else add.mutate({ body: { ...rest, roles } })
  }
  if (shown) return <Shown password={shown} close={close} />
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput
        label={t('staff.name')}
        required
        data-autofocus
        value={form.name}
        onChange={(e) => set({ name: e.currentTarget.value })}
      />
      <TextInput
        label={t('sign-in.mail')}
        type="email"
        required
        value={form.mail}
        onChange={(e) => set({ mail: e.currentTarget.value })}
      />
      <CheckList
        label={t('staff.roles')}
        required
        value={form.roles}
        onChange={(value) => set({ roles: value })}
        options={roleNames.filter((r) => r !== 'integration').map((value) => ({ value, label: t(`roles.${value}`) }))}
      />
      <CheckList
        label={t('nav.teams')}
        value={form.teamIds}
        onChange={(teamIds) => set({ teamIds })}
        options={teams.filter((x) => !x.retired).map((x) => ({ value: x.id, label: labelOf(x.name) }))}
      />
      <div className="two">
        <NativeSelect
          label={t('common.language')}
          value={form.locale}
          onChange={(e) => set({ locale: locales.find((l) => l === e.currentTarget.value) ?? form.locale })}
          data={locales.map((value) => ({ value, label: languageNames[value] }))}
        />
        <NativeSelect
          label={t('account.zone')}
          value={form.zone}
          onChange={(e) => set({ zone: e.currentTarget.value })}
          data={zoneNames(form.zone)}
        />
      </div>
      <NativeSelect
        label={t('staff.manager')}
        value={form.managerId ?? ''}
        onChange={(e) => set({ managerId: e.currentTarget.value || null })}
        data={[
          { value: '', label: t('staff.no-manager') },
          ...staff.filter((s) => s.id !== member?.id).map((s) => ({ value: s.id, label: s.name })),
        ]}
      />
      {member && (
        <Checkbox
          label={t('staff.active')}
          description={t('staff.active-hint')}
          checked={form.active}
          onChange={(e) => set({ active: e.currentTarget.checked })}
        />
      )}
      {member?.active && !form.active && <LeavesBehind id={member.id} teams={teams} />}
      <ProblemNote error={add.error ?? change.error ?? reset.error} />
      <div className="row-flex dialog-foot">
        {member && (
          <Button
            variant="default"
            loading={reset.isPending}
            onClick={() => reset.mutate({ params: { id: member.id }, body: {} })}
          >
            {t('staff.new-password')}
          </Button>
        )}
        <span className="grow" />
        <Button type="submit" loading={add.isPending || change.isPending} disabled={form.roles.length === 0}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  )
}

function Shown({ password, close }: { password: string; close: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="stack" role="status">
      <p>{t('staff.shown-once')}</p>
      <ShownOnce label={t('staff.initial-password')} text={password} />
      <Button onClick={close}>{t('common.close')}</Button>
    </div>
  )
}

/** What waits for others once this account is closed, said before it is. */
function LeavesBehind({ id, teams }: { id: string; teams: Props['teams'] }) {
  const { t } = useTranslation()
  const left = useQuery(read(getLeaving, { params: { id } })).data
  if (!left) return null
  const empty = teams.filter((x) => left.emptyTeamIds.includes(x.id)).map((x) => labelOf(x.name))
  const lines = [
    ...(left.complaints > 0 ? [t('staff.leaves-complaints', { count: left.complaints })] : []),
    ...(left.duties > 0 ? [t('staff.leaves-duties', { count: left.duties })] : []),
    ...(empty.length > 0 ? [t('staff.leaves-teams', { teams: empty.join(t('common.comma')) })] : []),
  ]
  return (
    <div className="note-box warn" role="status">
      {lines.length === 0 ? <p>{t('staff.leaves-nothing')}</p> : lines.map((line) => <p key={line}>{line}</p>)}
    </div>
  )
}
