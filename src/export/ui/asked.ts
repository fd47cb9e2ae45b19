import { addressOf } from '../../kit/client/address.ts'
import type { Format, ListQuery, SearchQuery } from '../contract.ts'

/** What is on the screen, to be a file. */
export type ListAsked =
  | { readonly of: 'list'; readonly search: Partial<ListQuery> }
  | { readonly of: 'search'; readonly search: Partial<SearchQuery> }

export function addressOfFile({ of, search }: ListAsked, format: Format, language: string): string {
  return addressOf(`/api/v1/exports/${of}.${format}`, {}, { ...search, language })
}
