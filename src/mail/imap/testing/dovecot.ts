import { execFile, spawn } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ImapFlow } from 'imapflow'

export type Peer = {
  readonly kind: 'Dovecot' | 'a scripted peer'
  readonly port: number
  readonly user: string
  readonly password: string
  stop(): Promise<void>
}

const run = promisify(execFile)
const user = 'care'
const password = 'correct-horse-9'

/** A Dovecot of our own on a free port of the loopback, with its mails in a temporary folder; undefined where there is none. */
export async function startDovecot(): Promise<Peer | undefined> {
  const version = await run('dovecot', ['--version']).catch(() => undefined)
  // The settings of 2.4 are spelled differently.
  if (!version?.stdout.startsWith('2.3.')) return undefined
  const base = await mkdtemp(join(tmpdir(), 'redress-dovecot-'))
  const port = await freePort()
  const root = userInfo().uid === 0
  // Mails are not written as root: Dovecot refuses to.
  const [uid, gid] = root ? [65_534, 65_534] : [userInfo().uid, userInfo().gid]
  await chmod(base, 0o755)
  await mkdir(join(base, 'mail'))
  await chown(join(base, 'mail'), uid, gid)
  await writeFile(
    join(base, 'dovecot.conf'),
    configOf({ base, port, uid, gid, me: root ? undefined : userInfo().username }),
  )
  const child = spawn('dovecot', ['-F', '-c', join(base, 'dovecot.conf')], { stdio: 'ignore' })
  const ended = new Promise<void>((end) => child.once('exit', () => end()))
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([ended, sleep(3_000)])
    await rm(base, { recursive: true, force: true })
  }
  if (await answers(port)) return { kind: 'Dovecot', port, user, password, stop }
  await stop()
  return undefined
}

type Given = { base: string; port: number; uid: number; gid: number; me: string | undefined }

function configOf({ base, port, uid, gid, me }: Given): string {
  const mine = me ? `default_internal_user = ${me}\ndefault_login_user = ${me}\n` : ''
  const inner = me ? '  chroot =\n' : ''
  return `protocols = imap
${mine}base_dir = ${base}/run
state_dir = ${base}/state
log_path = ${base}/log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:${base}/mail/%u
mail_uid = ${uid}
mail_gid = ${gid}
mail_max_userip_connections = 50
mail_fsync = never
maildir_stat_dirs = no
mailbox_list_index = yes
auth_mechanisms = plain
auth_failure_delay = 0
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${base}/mail/%u
}
namespace inbox {
  inbox = yes
  separator = /
}
service imap-login {
${inner}  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
${inner}  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  unix_listener stats-reader {
    mode = 0600
  }
  unix_listener stats-writer {
    mode = 0666
  }
}
`
}

function freePort(): Promise<number> {
  return new Promise((ready) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => ready(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function answers(port: number): Promise<boolean> {
  for (let tries = 0; tries < 50; tries++) {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port,
      secure: false,
      doSTARTTLS: false,
      auth: { user, pass: password },
      logger: false,
    })
    client.on('error', () => undefined)
    const up = await client.connect().then(
      () => true,
      () => false,
    )
    client.close()
    if (up) return true
    await sleep(100)
  }
  return false
}
