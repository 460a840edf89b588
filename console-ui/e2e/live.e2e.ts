import { describe, expect, test } from 'vitest'
import { open } from './browser'
import { api, ask, browser, dialog, field, gateway, go, login, loginByToken, page, row, yaml } from './stage'

const openRoute = { name: 'open', service: 'orders', auth: ['none'], match: { paths: ['/open/**'] }, limits: [{ name: 'few', rate: '1/h', burst: 30 }] }
const permitAll = { name: 'all', cedar: 'permit(principal, action, resource);' }
const opened = (slug: string) => ({ ...yaml(slug), routes: [openRoute], policies: [permitAll] })

describe('the live view', () => {
  test('shows requests, limits and refusals as they come, without a reload', async () => {
    await api('POST', '/v1/tenants', opened('flow'))
    await loginByToken(gateway.token, '/t/flow')
    await page.getByText('live', { exact: true }).waitFor()
    for (let i = 0; i < 35; i++) await ask('/flow/open/1')
    const busiest = page.getByRole('table', { name: 'Busiest routes' }).getByRole('row').filter({ hasText: 'open' })
    await busiest.filter({ hasText: /35/ }).waitFor()
    await page.getByText(/^[\d.,]*[1-9][\d.,]*\/s$/).first().waitFor()
    await go('Limits')
    await page.getByText('live', { exact: true }).waitFor()
    await row('route:open/few').filter({ hasText: '0 of 30' }).waitFor()
    await api('POST', '/v1/tenants/flow/limits/reset', { limit: 'route:open/few', subject: 'open' })
    await row('route:open/few').filter({ hasText: '30 of 30' }).or(page.getByText('No bucket is in use')).first().waitFor()
    await go('Routes')
    await row('open').filter({ hasText: /20\d\d/ }).waitFor()
  })

  test('says so where the admin API is away, and goes on when it is back', async () => {
    await api('POST', '/v1/tenants', opened('gone'))
    await loginByToken(gateway.token, '/t/gone')
    await page.getByText('live', { exact: true }).waitFor()
    await gateway.kill()
    await page.getByText('not live: The admin API does not answer.').waitFor()
    await gateway.restart()
    await page.getByText('live', { exact: true }).waitFor()
  })

  test('shows an open circuit', async () => {
    const broken = { slug: 'broken', destinations: [{ url: 'http://127.0.0.1:9' }], circuitBreaker: { failures: 1 }, health: { passive: {} } }
    await api('POST', '/v1/tenants', { ...opened('circuit'), services: [...yaml('circuit').services, broken], routes: [{ ...openRoute, limits: [], service: 'broken' }] })
    await loginByToken(gateway.token, '/t/circuit/services')
    await row('broken').filter({ hasText: /closed|not heard of/ }).waitFor()
    for (let i = 0; i < 2; i++) expect(await ask('/circuit/open/1')).toBeGreaterThanOrEqual(500)
    await row('broken').filter({ hasText: 'open on 1 of 1' }).waitFor()
  })
})

describe('a policy', () => {
  test('is checked as it is typed, and tried without being written', async () => {
    await api('POST', '/v1/tenants', opened('try'))
    await loginByToken(gateway.token, '/t/try/policies?open=all')
    await field('Cedar').fill('permit(principal, action, resource) when { principal.nothing };')
    await dialog().getByText(/line 1/).first().waitFor()
    await field('Cedar').fill('forbid(principal, action, resource);')
    await dialog().getByText('valid', { exact: true }).waitFor()
    await dialog().getByRole('tab', { name: 'Try it' }).click()
    await dialog().getByLabel('URL').fill('/try/open/1')
    await dialog().getByRole('button', { name: 'Try', exact: true }).click()
    await dialog().getByText('Refused with 403 (denied)').waitFor()
    expect(await ask('/try/open/1')).toBe(200)
  })
})

describe('settings', () => {
  test('of a tenant and of the platform are changed by form', async () => {
    await api('POST', '/v1/tenants', opened('set'))
    await loginByToken(gateway.token, '/t/set/settings')
    await page.getByLabel('Time zone').fill('Nowhere/Land')
    await page.getByText(/time zone/i).filter({ hasText: 'Nowhere' }).first().waitFor()
    await page.getByLabel('Time zone').fill('Europe/Berlin')
    await page.getByRole('button', { name: 'Review change …' }).click()
    await page.getByRole('button', { name: 'Write', exact: true }).click()
    await page.getByText('tenant written').first().waitFor()
    expect(await api('GET', '/v1/tenants/set')).toMatchObject({ timeZone: 'Europe/Berlin', routes: [{ name: 'open' }] })

    // Somebody else makes a route meanwhile, which stays whatever becomes of what is typed here.
    await page.getByLabel('Time zone').fill('Europe/Paris')
    await api('POST', '/v1/tenants/set/routes', { ...openRoute, name: 'late', match: { paths: ['/late/**'] } })
    await page.getByRole('button', { name: 'Review change …' }).click()
    await page.getByRole('button', { name: 'Keep mine over theirs' }).click()
    await page.getByRole('button', { name: 'Review change …' }).click()
    await page.getByRole('button', { name: 'Write', exact: true }).click()
    await expect.poll(() => api('GET', '/v1/tenants/set'), { timeout: 10_000 }).toMatchObject({ timeZone: 'Europe/Paris', routes: [{ name: 'open' }, { name: 'late' }] })

    await page.getByRole('link', { name: 'Settings' }).first().click()
    await page.getByRole('combobox', { name: 'Trusted proxies' }).fill('10.1.0.0/16')
    await page.getByRole('combobox', { name: 'Trusted proxies' }).press('Enter')
    await page.getByRole('button', { name: 'Review change …' }).click()
    await page.getByRole('button', { name: 'Write', exact: true }).click()
    await page.getByText('platform written').first().waitFor()
    expect(await api('GET', '/v1/platform')).toMatchObject({ trustedProxies: ['10.1.0.0/16'] })
  })
})

describe('a browser', () => {
  test('whose clock is off by an hour shows the times of the server', async () => {
    await api('POST', '/v1/tenants', opened('late'))
    const user = await api('POST', '/v1/tenants/late/users', { name: 'lou', role: 'owner' })
    await page.addInitScript(() => {
      const off = 3_600_000
      const RealDate = Date
      Date = class extends RealDate {
        constructor(...args: []) {
          super(...((args.length === 0 ? [RealDate.now() + off] : args) as []))
        }
        static now() {
          return RealDate.now() + off
        }
      } as DateConstructor
    })
    await page.goto(gateway.admin)
    await login('late', 'lou', String(user.password))
    await page.getByText('live', { exact: true }).waitFor()
    await ask('/late/open/1')
    await page.getByRole('table', { name: 'Busiest routes' }).getByRole('row').filter({ hasText: 'open' }).filter({ hasText: /\d+ s ago/ }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'late', level: 1 }).waitFor()
  })

  test('with two tabs: one that logs out ends the other, which keeps what was typed', async () => {
    await api('POST', '/v1/tenants', opened('tabs'))
    const user = await api('POST', '/v1/tenants/tabs/users', { name: 'tia', role: 'owner' })
    await page.goto(gateway.admin)
    await login('tabs', 'tia', String(user.password))
    await page.getByRole('heading', { name: 'tabs' }).waitFor()
    const other = await page.context().newPage()
    await other.goto(`${gateway.admin}/t/tabs/policies?open=all`)
    await other.getByLabel('Cedar').fill('permit(principal is Key, action, resource);')
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByText('Log in to the console.').waitFor()
    await other.getByRole('button', { name: 'Review change …' }).click()
    await other.getByText('Your session has ended').waitFor()
    await login('tabs', 'tia', String(user.password), other)
    await other.getByText('Your session has ended').waitFor({ state: 'hidden' })
    expect(await other.getByLabel('Cedar').inputValue()).toBe('permit(principal is Key, action, resource);')
  })

  test('of a slow admin API shows that it waits', async () => {
    await api('POST', '/v1/tenants', opened('slow'))
    await loginByToken(gateway.token, '/tenants')
    let answer = () => undefined as void
    const held = new Promise<void>((resolve) => (answer = resolve))
    await page.route('**/v1/tenants/slow/routes', async (route) => {
      await held
      await route.continue()
    })
    await page.goto(`${gateway.admin}/t/slow/routes`)
    await page.getByRole('status', { name: 'Loading' }).first().waitFor()
    answer()
    await row('open').waitFor()
  })

  test('that is hidden follows nothing, so that many tabs leave each other connections', async () => {
    await api('POST', '/v1/tenants', opened('hidden'))
    const errors: string[] = []
    const hidden = await open(browser, errors)
    await hidden.addInitScript(() => Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' }))
    const followed: string[] = []
    hidden.on('request', (request) => followed.push(request.url()))
    await loginByToken(gateway.token, '/t/hidden/limits', hidden)
    await hidden.getByText('No bucket is in use').waitFor()
    expect(followed.filter((url) => url.includes('/live?'))).toEqual([])
    await hidden.context().close()
    expect(errors).toEqual([])
  })
})
