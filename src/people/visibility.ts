/**
 * Who sees a complaint: one predicate, written here once and used by list, search, count, stream, report and export.
 *
 * Unrestricted and (role scope is the organisation, or my team, or I am owner, helper or tasked), or named in
 * complaint_access; never when I am its subject or report to its subject. The actor is read from the transaction's
 * scope (withScope), so the text is a constant and the search function can hold the same words.
 *
 * `row` is the alias of a row with org_id, team_id, owner_id and restricted; `id` its complaint id column.
 */
export function visibleSql(row: string, id = 'id'): string {
  const named = `exists (select 1 from complaint_access va where va.org_id = ${row}.org_id and va.complaint_id = ${row}.${id} and va.staff_id = app_staff())`
  const helping = `exists (select 1 from complaint_helper vh where vh.org_id = ${row}.org_id and vh.complaint_id = ${row}.${id} and vh.staff_id = app_staff())`
  const subject = `exists (select 1 from complaint_subject vs where vs.org_id = ${row}.org_id and vs.complaint_id = ${row}.${id} and vs.staff_id = any (app_chain()))`
  const mine = `(app_scope() = 'organisation' or (app_scope() = 'team' and ${row}.team_id = any (app_teams())) or (app_scope() <> 'none' and ${row}.owner_id = app_staff()) or ${helping})`
  return `(((not ${row}.restricted and ${mine}) or ${named}) and not ${subject})`
}

/**
 * What settings may count for people who see no cases: never what is restricted, nor what is about the reader or whom they
 * report to. A count would tell that it is there.
 */
export function countableSql(row: string, id = 'id'): string {
  const about = `exists (select 1 from complaint_subject vs where vs.org_id = ${row}.org_id and vs.complaint_id = ${row}.${id} and vs.staff_id = any (app_chain()))`
  return `(not ${row}.restricted and not ${about})`
}
