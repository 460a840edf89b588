import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launch, open } from './browser'
import { Gateway } from './gateway'

// What the tests of one file share: a gateway, a browser, and a page of its own for each test.
export let gateway: Gateway
export let browser: Browser
export let page: Page
let errors: string[]

beforeAll(async () => {
  gateway = await Gateway.start()
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await gateway?.stop()
})

beforeEach(async () => {
  errors = []
  page = await open(browser, errors)
})

afterEach(async () => {
  await page.context().close()
  expect(errors).toEqual([])
})

export async function loginByToken(token = gateway.token, at = '/', on = page) {
  await on.goto(gateway.admin + at)
  await enterToken(token, on)
  await on.getByRole('navigation', { name: 'Screens' }).waitFor()
}

/** Into the form that is on the page. */
export async function enterToken(token: string, on = page) {
  await on.getByText('Token', { exact: true }).click()
  await on.getByLabel(/^Token/).last().fill(token)
  await on.getByRole('button', { name: 'Log in' }).click()
}

/** Into the form that is on the page, perhaps over another form. */
export async function login(tenant: string, name: string, password: string, on = page) {
  await on.getByLabel('Tenant').fill(tenant)
  await on.getByLabel('Name').last().fill(name)
  await on.getByLabel('Password', { exact: false }).first().fill(password)
  await on.getByRole('button', { name: 'Log in' }).click()
}

export const go = (label: string) => page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: label, exact: true }).last().click()
export const dialog = () => page.getByRole('dialog').last()
export const row = (text: string) => page.getByRole('row').filter({ hasText: text }).first()

/** Opens the form for a new object, fills it, looks at what would change, and writes it. */
export async function create(screen: string, one: string, fill: () => Promise<void>) {
  await go(screen)
  await page.getByRole('button', { name: `New ${one}` }).click()
  await fill()
  await page.getByRole('button', { name: `Create ${one} …` }).click()
  await page.getByText('What would change').waitFor()
  await page.getByRole('button', { name: 'Write', exact: true }).click()
  await page.getByText(`${one} `, { exact: false }).filter({ hasText: 'written' }).first().waitFor()
  await page.getByRole('dialog').first().waitFor({ state: 'hidden' })
}

export const field = (label: string) => dialog().getByLabel(label, { exact: false }).first()

export async function choose(label: string, option: string) {
  await field(label).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

export async function word(label: string, text: string) {
  await field(label).fill(text)
  await field(label).press('Enter')
}

export async function ask(path: string, key?: string): Promise<number> {
  return (await fetch(gateway.edge + path, { headers: key ? { 'X-API-Key': key } : {} })).status
}

export const yaml = (tenant: string) => ({
  slug: tenant,
  services: [{ slug: 'orders', destinations: [{ url: gateway.upstream }] }],
  routes: [{ name: 'read', service: 'orders', match: { paths: ['/read/**'], methods: ['GET'] } }],
  consumers: [{ name: 'mobile', roles: ['reader'] }],
  policies: [{ name: 'readers', cedar: 'permit(principal in Role::"reader", action in Action::"read", resource);' }],
})

export async function api(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  // What is asked of the gateway next is asked of what was written.
  const answer = await fetch(gateway.admin + path + (method === 'GET' ? '' : '?wait=applied'), { method, headers: { Authorization: `Bearer ${gateway.token}`, 'Content-Type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text ? (JSON.parse(text) as Record<string, unknown>) : {}
}
