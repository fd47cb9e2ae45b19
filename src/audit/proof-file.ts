import { lineOf } from './checkpoint.ts'
import type { Proof } from './prove.ts'

/**
 * Everything somebody outside needs to check one history without us: the events as they are hashed, the checkpoints that
 * seal them, the public key, and how. The events hold ids, codes and salted hashes; the words are not in it.
 */
export function proofFile(
  org: { id: string; slug: string },
  { proven, bundle, checkpoints, publicKey }: Proof,
): object {
  return {
    format: 'redress-proof',
    version: 1,
    howToCheck,
    organisation: org,
    complaint: { id: bundle.id, number: proven.number },
    checkedByUs: proven,
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    events: bundle.events.map(({ seq, type, v, at, actor, payload, prev, hash }) => ({
      hash,
      prev,
      hashed: { org: org.id, complaint: bundle.id, seq, type, v, at, actor, payload },
    })),
    checkpoints: checkpoints.map((row) => lineOf(org.id, row)),
  }
}

const howToCheck = {
  en: [
    'Canonical JSON below is RFC 8785 (JCS): keys sorted, no white space, UTF-8.',
    '1. For each entry of "events" in order: prev of the first is 64 zeros; prev of every other is the hash of the one before.',
    '2. hash = SHA-256 over the 32 bytes of prev (from hex) followed by the canonical JSON of "hashed". Numbers seq run 1, 2, 3 …',
    '3. For each entry of "checkpoints": hash = SHA-256 over the 32 bytes of prev followed by the canonical JSON of {org, no, at, heads}.',
    '4. signature (base64) is an Ed25519 signature over the 32 bytes of that hash; check it with "publicKey" (PEM). Compare the key with the one you were given by another way than this file.',
    '5. heads[<complaint id>] = [seq, hash]: the event with this seq must have this hash. Everything up to that event is as it was when the checkpoint was signed.',
    '6. Your own copy of the line of this checkpoint (checkpoints/<organisation>.jsonl, kept outside the database) must be the same.',
    'Salted hashes inside the events prove words, files and names that are handed over separately: SHA-256 over salt followed by the text.',
  ],
  'zh-Hant': [
    '以下的正規化 JSON 指 RFC 8785（JCS）：鍵排序、沒有空白、UTF-8。',
    '1. 依序看 events：第一筆的 prev 是 64 個 0，之後每一筆的 prev 等於前一筆的 hash。',
    '2. hash ＝ SHA-256（prev 的 32 個位元組，接著 hashed 的正規化 JSON）。seq 為 1、2、3……連續。',
    '3. checkpoints 的每一筆：hash ＝ SHA-256（prev 的 32 個位元組，接著 {org, no, at, heads} 的正規化 JSON）。',
    '4. signature（base64）是對該 hash 的 32 個位元組所作的 Ed25519 簽章，用 publicKey（PEM）驗證；公鑰請另由別的途徑取得並比對。',
    '5. heads[案件 id] ＝ [seq, hash]：該 seq 的事件必須有相同的 hash；到那一筆為止，都與簽章當時相同。',
    '6. 您自行保存的檢查點檔（checkpoints/<組織>.jsonl，放在資料庫之外）裡，同一行必須一致。',
    '事件裡加鹽的雜湊可以證明另外提供的文字、檔案與姓名：SHA-256（鹽，接著文字）。',
  ],
  'zh-Hans': [
    '以下的规范化 JSON 指 RFC 8785（JCS）：键排序、无空白、UTF-8。',
    '1. 按顺序查看 events：第一条的 prev 是 64 个 0，之后每条的 prev 等于前一条的 hash。',
    '2. hash ＝ SHA-256（prev 的 32 个字节，后接 hashed 的规范化 JSON）。seq 为 1、2、3……连续。',
    '3. checkpoints 的每一条：hash ＝ SHA-256（prev 的 32 个字节，后接 {org, no, at, heads} 的规范化 JSON）。',
    '4. signature（base64）是对该 hash 的 32 个字节所作的 Ed25519 签名，用 publicKey（PEM）验证；公钥请通过其他途径取得并核对。',
    '5. heads[工单 id] ＝ [seq, hash]：该 seq 的事件必须有相同的 hash；截至该事件，一切与签名时相同。',
    '6. 您自行保存的检查点文件（checkpoints/<组织>.jsonl，存放在数据库之外）中，同一行必须一致。',
    '事件中的加盐哈希可以证明另行提供的文字、文件和姓名：SHA-256（盐，后接文字）。',
  ],
}
