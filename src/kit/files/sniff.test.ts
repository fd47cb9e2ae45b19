import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { deflateSync } from 'node:zlib'
import { describe, expect, it, test } from 'vitest'
import { peek, sniff } from './sniff.ts'

const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex')
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')

describe('what a file is, by its bytes', () => {
  test.each<[string, Buffer | string, string, string]>([
    ['a JPEG', jpeg, 'image', 'image/jpeg'],
    [
      'a JPEG that is a page too',
      Buffer.concat([jpeg, Buffer.from('<script>alert(1)</script>')]),
      'image',
      'image/jpeg',
    ],
    ['a PNG', png, 'image', 'image/png'],
    ['a PDF', '%PDF-1.7\n', 'document', 'application/pdf'],
    ['a zip', Buffer.from('504b0506000000000000000000000000000000000000', 'hex'), 'archive', 'application/zip'],
    ['text', '商品破損，要求退款', 'text', 'text/plain'],
    ['text in Big5', Buffer.from('b0d3ab7e7d6cb76c', 'hex'), 'text', 'text/plain'],
    ['text in UTF-16', Buffer.from('\ufeff退款', 'utf16le'), 'text', 'text/plain'],
    ['text whose last character is cut', Buffer.from('退款').subarray(0, 5), 'text', 'text/plain'],
    [
      'SVG',
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
      'document-unsafe',
      'application/octet-stream',
    ],
    ['SVG after a comment', '<!-- x --><svg onload="alert(1)"/>', 'document-unsafe', 'application/octet-stream'],
    ['HTML', '\n <!DOCTYPE html><title>x</title>', 'document-unsafe', 'application/octet-stream'],
    ['HTML further down', `hello ${'x'.repeat(500)}<SCRIPT>`, 'document-unsafe', 'application/octet-stream'],
    ['HTML in UTF-16', Buffer.from('\ufeff<html>', 'utf16le'), 'document-unsafe', 'application/octet-stream'],
    ['HTML with a mark', '\ufeff<html>', 'document-unsafe', 'application/octet-stream'],
    ['XML', '<?xml version="1.0"?><a/>', 'document-unsafe', 'application/octet-stream'],
    ['a script', '#!/bin/sh\nrm -rf /', 'document-unsafe', 'application/octet-stream'],
    ['a Windows program', Buffer.from(`MZ${'\0'.repeat(200)}`), 'document-unsafe', 'application/octet-stream'],
    [
      'a Linux program',
      Buffer.from(`\x7fELF${'\0'.repeat(200)}`, 'latin1'),
      'document-unsafe',
      'application/octet-stream',
    ],
    ['bytes nobody knows', deflateSync(Buffer.alloc(99)), 'unknown', 'application/octet-stream'],
    ['nothing', '', 'unknown', 'application/octet-stream'],
    ['a broken zip', Buffer.from('504b0304ffff', 'hex'), 'archive', 'application/zip'],
  ])('%s', async (_what, bytes, kind, mime) => {
    expect(await sniff(Buffer.from(bytes))).toMatchObject({ kind, mime })
  })
})

describe('peeking into a stream', () => {
  test.each([0, 1, 4095, 4096, 4097, 100_000])('loses nothing of %i bytes', async (size) => {
    const bytes = Buffer.from(Array.from({ length: size }, (_, n) => n % 251))
    const pieces = Array.from({ length: Math.ceil(size / 1000) }, (_, n) => bytes.subarray(n * 1000, n * 1000 + 1000))
    const { head, stream } = await peek(Readable.from(pieces))
    expect(head.equals(bytes.subarray(0, 4096))).toBe(true)
    expect((await buffer(stream)).equals(bytes)).toBe(true)
  })

  it('passes on the error of a caller who hung up', async () => {
    const { stream } = await peek(Readable.from(breaksOff()))
    await expect(buffer(stream)).rejects.toThrow('hung up')
  })

  it('closes the source when nobody wants the rest', async () => {
    const source = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(1000)))
    const { stream } = await peek(source)
    for await (const _ of stream) break
    expect(source.destroyed).toBe(true)
  })
})

async function* breaksOff(): AsyncGenerator<Buffer> {
  yield Buffer.alloc(5000)
  throw new Error('hung up')
}
