import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import type { Me } from '../../people/contract.ts'
import { type ComplaintRow, listComplaints } from '../contract.ts'
import { applyChange } from './live-cache.ts'

const row = (version: number) => ({ id: 'c1', version, open: true, owner: null, teamId: 't1' }) as ComplaintRow
const me = { id: 's1', teams: [] } as unknown as Me

it('a change reaches the lists of many pages beside one that was asked in one answer', async () => {
  const client = new QueryClient()
  const [inbox, caller] = [
    [listComplaints.id, { view: 'all' }],
    [listComplaints.id, { query: { customerId: 'k1' } }],
  ]
  client.setQueryData(caller, { items: [row(1)], next: null })
  client.setQueryData(inbox, { pages: [{ items: [row(1)], next: null }], pageParams: [''] })
  applyChange(client, me, { complaintId: 'c1', version: 2, type: 'noted', row: row(2) })
  expect(client.getQueryData(inbox)).toMatchObject({ pages: [{ items: [{ version: 2 }] }] })
  expect(client.getQueryState(caller)?.isInvalidated).toBe(true)
})
