import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { cleanHtml, textOfHtml } from './html.ts'
import { readMailHere } from './read-mail.ts'

describe('HTML of strangers', () => {
  it.each([
    ['scripts', '<p>a<script>alert(1)</script></p>', '<p>a</p>'],
    ['handlers', '<p onclick="x()">a</p>', '<p>a</p>'],
    ['javascript links', '<a href="java\nscript:x()">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'],
    ['data links', '<a href="data:text/html,x">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'],
    ['forms', '<form action="https://x"><input name="p">a<button>b</button></form>', 'ab'],
    ['frames and objects', '<iframe src="https://x"></iframe><object data="x"></object><embed src="x">a', 'a'],
    ['base and meta', '<base href="https://x/"><meta http-equiv="refresh" content="0;url=https://x">a', 'a'],
    ['style sheets', '<style>body{background:url(https://x)}</style>a', 'a'],
    ['addresses in styles', '<p style="background-image:url(https://x);color:red">a</p>', '<p style="color:red">a</p>'],
    ['places in styles', '<p style="position:fixed;top:0">a</p>', '<p>a</p>'],
    ['SVG and MathML', '<svg><script>x</script></svg><math><mi>x</mi></math>a', 'a'],
    ['xmp', '<xmp><img src=x onerror=alert(1)></xmp>a', 'a'],
    ['comments', '<!--[if mso]><p>x</p><![endif]-->a', 'a'],
    [
      'pictures from elsewhere are kept aside',
      '<img src="https://x/y.png" alt="z">',
      '<img alt="z" data-remote-src="https://x/y.png" />',
    ],
    ['pictures of the mail stay', '<img src="cid:a@b">', '<img src="cid:a@b" />'],
    ['pictures as data are left out', '<img src="data:image/svg+xml,x">', '<img />'],
    ['protocol-relative links', '<a href="//x.example">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'],
  ])('%s', (_name, html, clean) => {
    expect(cleanHtml(html)).toBe(clean)
  })

  it.each([
    ['blocks', '<p>One</p><p>Two<br>Three</p>', 'One\n\nTwo\nThree'],
    [
      'quotes',
      '<div>Yes</div><blockquote>It broke<blockquote>When?</blockquote></blockquote>',
      'Yes\n> It broke\n>> When?',
    ],
    ['lists', '<ul><li>kettle</li><li>lid</li></ul>', '- kettle\n- lid'],
    [
      'links',
      '<a href="https://x.example/a">here</a> <a href="https://x.example">x.example</a>',
      'here <https://x.example/a> x.example',
    ],
    ['tables', '<table><tr><td>No.</td><td>7</td></tr><tr><td>Sum</td><td>9</td></tr></table>', 'No. 7\nSum 9'],
    ['entities', '<p>a &amp; b &lt;c&gt;&nbsp;d</p>', 'a & b <c> d'],
    ['white space', '<p>  a \n  b  </p>', 'a b'],
  ])('%s become words', (_name, html, words) => {
    expect(textOfHtml(cleanHtml(html) ?? '')).toBe(words)
  })

  it('a mail of HTML alone has its words, and its new text ends where the quote begins', async () => {
    const html =
      '<div>It broke again.</div><div class="gmail_quote"><div>On Mon, 2 Mar 2026 at 10:00, Shop &lt;service@shop.example&gt; wrote:<br></div><blockquote>We sent another.</blockquote></div>'
    const read = await readMailHere(Buffer.from(`Subject: s\r\nContent-Type: text/html\r\n\r\n${html}`))
    expect(read).toMatchObject({ ok: true, value: { newText: 'It broke again.' } })
    expect(read.ok && read.value.text).toContain('> We sent another.')
  })

  it.each([
    ['10,000 elements deep', `${'<div>'.repeat(10_000)}It broke${'</div>'.repeat(10_000)}`],
    ['300,000 elements deep', `${'<b>'.repeat(300_000)}It broke`],
    ['a megabyte on one line', `It broke ${'<i>x</i>'.repeat(130_000)}`],
    ['1.8 MB', `<p>It broke</p>${'<p>and again</p>'.repeat(100_000)}`],
    ['cut within a tag', 'It broke <a href="https://x'],
  ])('%s keeps its words', async (_name, html) => {
    const read = await readMailHere(Buffer.from(`Content-Type: text/html\r\n\r\n${html}`))
    expect(read.ok && read.value.text).toContain('It broke')
  })
})
