import { describe, expect, test } from 'vitest'
import { deviceOf } from './device.ts'

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'

describe('a browser is named as its user knows it', () => {
  test.each([
    ['Edge · Windows', `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0`],
    ['Edge · Windows', `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/70.0 Safari/537.36 Edge/18.19042`],
    ['Edge · Android', `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/140.0 Mobile Safari/537.36 EdgA/140.0`],
    ['Edge · iPhone', `${iphone} Version/18.0 EdgiOS/140.0 Mobile/15E148 Safari/605.1.15`],
    ['Chrome · Windows', `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36`],
    ['Chrome · Linux', `Mozilla/5.0 (X11; Linux x86_64) ${webkit} HeadlessChrome/147.0.0.0 Safari/537.36`],
    ['Chrome · ChromeOS', `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/140.0.0.0 Safari/537.36`],
    ['Chrome · Android', `Mozilla/5.0 (Linux; Android 15; Pixel 9) ${webkit} Chrome/140.0 Mobile Safari/537.36`],
    ['Chrome · iPhone', `${iphone} CriOS/140.0.0.0 Mobile/15E148 Safari/604.1`],
    ['Firefox · Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
    ['Firefox · Android', 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0'],
    ['Firefox · iPhone', `${iphone} FxiOS/140.0 Mobile/15E148 Safari/605.1.15`],
    [
      'Safari · macOS',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    ],
    ['Safari · iPhone', `${iphone} Version/18.5 Mobile/15E148 Safari/604.1`],
    [
      'Safari · iPad',
      'Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/604.1',
    ],
    ['Opera · macOS', `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Chrome/140.0 Safari/537.36 OPR/124.0`],
    [
      'Samsung Internet · Android',
      `Mozilla/5.0 (Linux; Android 15; SM-S938B) ${webkit} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36`,
    ],
    ['WeChat · iPhone', `${iphone} Mobile/15E148 MicroMessenger/8.0.61(0x18003d2c) NetType/WIFI Language/zh_CN`],
    [
      'LINE · Android',
      `Mozilla/5.0 (Linux; Android 15; wv) ${webkit} Version/4.0 Chrome/140.0 Mobile Safari/537.36 Line/15.7.0`,
    ],
    ['Chrome · HarmonyOS', `Mozilla/5.0 (Phone; OpenHarmony 5.0) ${webkit} Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1`],
    ['iPhone', `${iphone} Mobile/15E148`],
  ])('%s', (device, agent) => expect(deviceOf(agent)).toBe(device))
})

describe('a program is named by its first word', () => {
  test.each([
    ['curl', 'curl/8.5.0'],
    ['python-requests', 'python-requests/2.32.3'],
    ['okhttp', 'okhttp/4.12.0'],
    ['node', 'node'],
    ['', ''],
    ['x'.repeat(40), 'x'.repeat(300)],
  ])('%s', (device, agent) => expect(deviceOf(agent)).toBe(device))
})
