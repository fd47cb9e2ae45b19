/** Passwords of mailboxes are sealed with a key of their own, each bound to its mailbox. */
export const sealPurpose = 'mailbox-password'
export const sealContext = (org: string, mailboxId: string) => `${org}/mailbox/${mailboxId}`
