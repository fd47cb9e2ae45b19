import { hmac } from '../kit/secrets.ts'
import type { Services } from '../kit/services.ts'
import type { Sign } from './domain/token.ts'

/** The keys of reply addresses and of Message-IDs of ours; neither opens what the other signed. */
export function signersOf(app: Pick<Services, 'subkey'>): { readonly address: Sign; readonly messageId: Sign } {
  return {
    address: (text) => hmac(app.subkey('mail-reply-address'), text),
    messageId: (text) => hmac(app.subkey('mail-message-id'), text),
  }
}
