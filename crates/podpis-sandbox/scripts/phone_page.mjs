// What phone_page.sh runs:
//
//     node phone_page.mjs PROGRAM PICTURES CHROMIUM

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import axe from 'axe-core'
import puppeteer from 'puppeteer-core'

const [program, pictures, chromium] = process.argv.slice(2)
const SIZES = [{ width: 390, height: 844 }, { width: 1280, height: 800 }]
const SCHEMES = ['light', 'dark']

async function start(listen) {
  const sandbox = spawn(program, ['sandbox', '--listen', listen, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = await once(createInterface({ input: sandbox.stdout }), 'line')
  const stop = async () => {
    const ended = once(sandbox, 'exit')
    sandbox.kill()
    await ended
  }
  return { base: JSON.parse(line).base_url, stop }
}

let sandbox = await start('127.0.0.1:0')
const { base } = sandbox
const post = async (path, body, headers = {}) => {
  const answer = await fetch(base + path, { method: 'POST', body, headers })
  assert.ok(answer.ok, `${path}: ${answer.status}`)
  return answer
}
const json = async (path) => (await fetch(base + path)).json()

const client = 'DiadocAuth ddauth_api_client_id=podpis-sandbox-client'
const files = (...names) =>
  names.map((name) => ({ Content: { Content: Buffer.from(`the text of ${name}`).toString('base64') }, FileName: name }))

// Starts a signing, and waits until its message is on the phone.
async function sign(path, login, names) {
  const before = (await json('/_sandbox/messages')).length
  const kind = { 'Content-Type': 'application/json', Accept: 'application/json' }
  const words = JSON.stringify({ login: `${login}@romashka.example`, password: `${login}-password` })
  const answer = await post('/V3/Authenticate?type=password', words, { ...kind, Authorization: client })
  const token = (await answer.text()).replaceAll('"', '')
  const authorization = `${client},ddauth_token=${token}`
  await post(path, JSON.stringify({ Files: files(...names) }), { ...kind, Authorization: authorization })
  await until(async () => (await json('/_sandbox/messages')).length > before)
}
const { diadoc } = await json('/_sandbox/world')
const push = (login, ...names) => sign(`/DssSign?boxId=${diadoc.box}`, login, names)
const sms = (login, ...names) => sign('/CloudSign', login, names)
const app = { client_id: 'podpis-sandbox-extern', client_secret: 'e7e2d0c5-0000-4c5e-9a57-0d1ad0c00001' }
const logIn = () => post('/connect/deviceauthorization', new URLSearchParams(app))

async function until(holds) {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.fail(`it does not come to ${holds}`)
}

const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox', '--lang=en'] })
const page = await browser.newPage()
const complaints = []
page.on('pageerror', (error) => complaints.push(String(error)))
page.on('dialog', (dialog) => dialog.accept())
const shows = (check, ...given) => until(() => page.evaluate(check, ...given))
const waiting = (count) => shows((n) => document.querySelectorAll('#waiting > li').length === n, count)
const heads = (list) => page.$$eval(`#${list} h3`, (all) => all.map((head) => head.textContent))

// What axe finds, and what is too small to be pressed.
async function look(name) {
  await page.evaluate(axe.source)
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run())
  assert.deepEqual(violations.map((one) => [one.id, one.nodes.map((node) => node.html)]), [], name)
  const small = await page.$$eval('button, select, a, input', (all) =>
    all.filter((one) => one.checkVisibility())
      .map((one) => [one.textContent, one.getBoundingClientRect()])
      .filter(([, { width, height }]) => width < 44 || height < 44)
      .map(([text]) => text))
  assert.deepEqual(small, [], name)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  assert.ok(!wide, `${name} is wider than the window`)
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  console.log(`${name}: 0 violations, ${passes.length} rules passed`)
}

// 1. Cards say what they are about.
await page.goto(`${base}/phone?lang=en`)
await waiting(0)
await push('director', 'act.xml', 'invoice.xml')
await sms('accountant', 'report.txt')
await waiting(2)
const card = await page.$eval('#waiting > li:last-child', (item) => item.innerText)
const [first] = await json('/_sandbox/messages')
for (const part of ['Diadoc: Sign documents', 'act.xml, 19 bytes', 'invoice.xml, 23 bytes', 'Иванова Мария Петровна', first.operation, 'Time left']) {
  assert.ok(card.includes(part), `${part} is missing:\n${card}`)
}

// 2. Cards are not rebuilt: the one with the focus keeps it while others come, and hands it on when it is answered.
const same = () => page.evaluate(() => document.activeElement === globalThis.focused)
await page.evaluate(() => {
  globalThis.focused = document.querySelector('#waiting > li:last-child .confirm')
  globalThis.focused.focus()
})
await logIn()
await waiting(3)
assert.ok(await same(), 'the focus has moved')
assert.match(await page.$eval('#announced', (it) => it.textContent), /New message: Login/)
await page.keyboard.press('Enter')
await waiting(2)
assert.deepEqual(await heads('history'), ['Diadoc: Sign documents'])
assert.ok(await page.evaluate(() => document.activeElement.matches('#waiting article')), 'the focus is lost')
const colours = await page.$$eval('#waiting > li:first-child .acts button', (all) =>
  all.map((one) => [getComputedStyle(one).backgroundColor, one.innerText]))
assert.notDeepEqual(colours[0], colours[1])

// 3. Two sizes, light and dark, two languages.
for (const language of ['en', 'ru']) {
  if (language === 'ru') await page.click('#language')
  await shows((name) => document.documentElement.lang === name, language)
  for (const scheme of SCHEMES) {
    for (const size of SIZES) {
      await page.setViewport(size)
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
      await look(`${language}-${scheme}-${size.width}x${size.height}`)
    }
  }
}
assert.deepEqual(await heads('history'), ['Диадок: Подпись документов'])
const latin = (await page.$$eval('#waiting h3, .hint, dt, button span, h1, h2, label, option', (all) =>
  all.map((one) => one.textContent))).filter((text) => /[A-Za-z]{3}/.test(text))
assert.deepEqual(latin, [])

// 4. A mode applies to what waits already: the login is confirmed, the SMS waits for its code.
await page.select('#mode', 'confirm')
await waiting(1)
assert.deepEqual(await heads('history'), ['Вход: Вход в программу', 'Диадок: Подпись документов'])
await page.select('#mode', 'manual')
await page.click('#waiting .decline')
await waiting(0)

// 5. Without the sandbox the page says so, and goes on when it is back.
await sandbox.stop()
await shows(() => document.querySelector('#away').textContent !== '')
await look('away')
sandbox = await start(new URL(base).host)
await shows(() => document.querySelector('#away').textContent === '')
await push('director', 'act.xml')
await waiting(1)
assert.deepEqual(await heads('history'), [], 'what the sandbox has forgotten is not shown')

// 6. Reset.
await page.click('#reset')
await waiting(0)
assert.match(await page.$eval('#announced', (it) => it.textContent), /начальном/)
assert.deepEqual(await json('/_sandbox/messages'), [])

assert.deepEqual(complaints, [])
await browser.close()
await sandbox.stop()
console.log('The phone page does what it should.')
