import { describe, expect, test } from 'vitest'
import { violations } from './browser'
import { Gateway } from './gateway'
import { api, ask, choose, create, dialog, field, gateway, go, login, loginByToken, page, row, word, yaml } from './stage'

describe('the console', () => {
  test('takes a new user from the first login to a request that is answered, seen, and refused once its key is revoked', async () => {
    await loginByToken()
    await page.getByRole('button', { name: 'New tenant' }).click()
    await field('Slug').fill('Acme')
    await dialog().getByRole('button', { name: 'Create' }).click()
    await page.getByText(/a slug has 1 to 63 lower-case letters/).first().waitFor()
    await field('Slug').fill('acme')
    await dialog().getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'acme' }).waitFor()

    await create('Services', 'service', async () => {
      await field('Slug').fill('orders')
      await field('Destinations').fill(gateway.upstream)
    })
    await create('Routes', 'route', async () => {
      await field('Name').fill('read-orders')
      await choose('Service', 'orders')
      await word('Paths', '/read/**')
    })
    await create('Plans', 'plan', async () => {
      await field('Name').fill('starter')
      await dialog().getByRole('button', { name: 'Add a limit' }).click()
      await dialog().getByRole('textbox', { name: 'Rate' }).fill('1/h')
      await dialog().getByRole('textbox', { name: 'Burst' }).fill('5')
    })
    await create('Consumers', 'consumer', async () => {
      await field('Name').fill('mobile')
      await choose('Plan', 'starter')
      await word('Roles', 'reader')
    })
    await create('Policies', 'policy', async () => {
      await field('Name').fill('readers')
      await field('Cedar').fill('permit(principal in Role::"reader", action in Action::"read", resource);')
    })

    await go('Keys')
    await page.getByRole('button', { name: 'New key' }).click()
    await choose('Consumer', 'mobile')
    await page.getByRole('button', { name: 'Make the key' }).click()
    const key = (await page.getByTestId('new-key').textContent())?.trim() ?? ''
    expect(key).toMatch(/^drz_/)
    await dialog().getByRole('button', { name: 'Close' }).click()
    await row(key.slice(0, 12)).waitFor()
    expect(await page.content()).not.toContain(key)

    expect(await ask('/acme/read/1', key)).toBe(200)
    await go('Limits')
    await row('plan:starter/rate').filter({ hasText: '4 of 5' }).waitFor()
    await go('Overview')
    await page.getByRole('table', { name: 'Busiest routes' }).getByRole('row').filter({ hasText: 'read-orders' }).waitFor()
    await page.getByRole('table', { name: 'Usage' }).getByRole('row').filter({ hasText: 'read-orders' }).waitFor()

    await go('Keys')
    await row(key.slice(0, 12)).click()
    await dialog().getByRole('button', { name: 'Revoke' }).click()
    await page.getByText(/in force on 1 of 1 edge/).last().waitFor()
    await row('revoked').waitFor()
    expect(await ask('/acme/read/1', key)).toBe(401)
  })

  test('shows both versions where somebody else wrote meanwhile', async () => {
    await api('POST', '/v1/tenants', yaml('stale'))
    await loginByToken(gateway.token, '/t/stale/routes')
    await row('/read/**').click()
    await field('Priority').fill('7')
    await api('PUT', '/v1/tenants/stale/routes/read', { ...yaml('stale').routes[0], cost: 3 })
    await dialog().getByRole('button', { name: 'Review change …' }).click()
    await page.getByText('Somebody else has changed this meanwhile').waitFor()
    await page.getByText('"cost": 3').first().waitFor()
    await page.getByRole('button', { name: 'Start again from theirs' }).click()
    await field('Priority').fill('9')
    await dialog().getByRole('button', { name: 'Review change …' }).click()
    await page.getByRole('button', { name: 'Write', exact: true }).click()
    await page.getByText('route read written').waitFor()
    expect(await api('GET', '/v1/tenants/stale/routes/read')).toMatchObject({ cost: 3, priority: 9 })
  })

  test('puts what is wrong at its field, and keeps what was typed while the admin API is away', async () => {
    await api('POST', '/v1/tenants', yaml('typed'))
    await loginByToken(gateway.token, '/t/typed/policies?open=readers')
    await field('Cedar').fill('permit(principal, action, resource) when { principal.nothing };')
    await dialog().getByRole('button', { name: 'Review change …' }).click()
    await dialog().getByText(/line 1|1:\d+/).first().waitFor()
    await field('Cedar').fill('permit(principal is Key, action, resource);')
    await gateway.kill()
    await dialog().getByRole('button', { name: 'Review change …' }).click()
    await page.getByText('The admin API does not answer. What you typed is kept; try again.').waitFor()
    await gateway.restart()
    await dialog().getByRole('button', { name: 'Review change …' }).click()
    await page.getByText('permit(principal is Key, action, resource);').last().waitFor()
    await page.getByRole('button', { name: 'Write', exact: true }).click()
    await page.getByText('policy readers written').waitFor()
  })

  test('a viewer reads and changes nothing, and goes on after the session has ended', async () => {
    await api('POST', '/v1/tenants', yaml('seen'))
    const user = await api('POST', '/v1/tenants/seen/users', { name: 'vera', role: 'viewer' })
    await page.goto(`${gateway.admin}/`)
    await login('seen', 'vera', String(user.password))
    await page.getByRole('heading', { name: 'seen' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'seen' }).waitFor()
    expect(await page.getByRole('link', { name: 'Tenants' }).count()).toBe(0)
    await go('Routes')
    await page.getByText('read-only: changes want the role editor').waitFor()
    await row('/read/**').click()
    await page.getByText('Changes want the role editor.').waitFor()
    expect(await dialog().getByRole('button', { name: /Review|Delete/ }).count()).toBe(0)
    await page.keyboard.press('Escape')

    await go('Explain')
    await page.getByLabel('URL').fill('/seen/read/1?typed=here')
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Explain' }).click()
    await page.getByText('Your session has ended').waitFor()
    await login('seen', 'vera', String(user.password))
    await page.getByText('Your session has ended').waitFor({ state: 'hidden' })
    expect(await page.getByLabel('URL').inputValue()).toBe('/seen/read/1?typed=here')
    await page.getByRole('button', { name: 'Explain' }).click()
    await page.getByText('Refused with 401 (credential-missing)').waitFor()
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByText('Log in to the console.').waitFor()
  })

  test('anybody registers a tenant where that is on, and owns it', async () => {
    const open = await Gateway.start({ Drizzle__Admin__Registration: 'on' })
    try {
      await page.goto(open.admin)
      await page.getByRole('button', { name: 'Register a tenant' }).click()
      expect(await violations(page)).toEqual([])
      await page.getByLabel('Tenant').fill('Mine')
      await page.getByLabel(/^Name/).fill('mia@mine.test')
      await page.getByLabel(/^Password/).fill('correct horse battery')
      await page.getByRole('button', { name: 'Register', exact: true }).click()
      await page.getByText(/a slug has 1 to 63 lower-case letters/).first().waitFor()
      await page.getByLabel('Tenant').fill('mine')
      await page.getByRole('button', { name: 'Register', exact: true }).click()
      await page.getByRole('heading', { name: 'mine' }).waitFor()
      await go('Services')
      await page.getByRole('button', { name: 'New service' }).waitFor()
    } finally {
      await open.stop()
    }
  })

  test('explains a denied request, and rolls a tenant back', async () => {
    await api('POST', '/v1/tenants', yaml('back'))
    const key = String((await api('POST', '/v1/tenants/back/keys', { consumer: 'mobile' })).key)
    await api('PUT', '/v1/tenants/back/policies/readers', { name: 'readers', cedar: 'forbid(principal, action, resource);' })
    expect(await ask('/back/read/1', key)).toBe(403)
    await loginByToken(gateway.token, '/t/back/explain')
    await page.getByLabel('URL').fill('/back/read/1')
    await page.getByLabel('Headers').fill(`X-API-Key: ${key}`)
    await page.getByRole('button', { name: 'Explain' }).click()
    await page.getByText('Refused with 403 (denied)').waitFor()
    await row('readers').filter({ hasText: 'applies' }).waitFor()

    await go('Revisions')
    await page.getByRole('row').nth(2).click()
    await page.getByRole('button', { name: 'Roll back to this …' }).click()
    await page.getByText('forbid(principal, action, resource);').waitFor()
    await page.getByLabel('Reason').fill('it denied everything')
    await page.getByRole('button', { name: 'Roll back', exact: true }).click()
    await page.getByText(/Rolled back to/).waitFor()
    await row('it denied everything').waitFor()
    expect(await ask('/back/read/1', key)).toBe(200)
  })

  test('names are shown as they are, whatever is in them', async () => {
    const names = ['<img src=x onerror=alert(1)>', 'שלום 🌧', 'x'.repeat(200)]
    for (const [i, name] of names.entries()) await api('POST', '/v1/tenants', { slug: `odd-${i}`, name })
    await loginByToken()
    await page.getByLabel('Filter Tenants').fill('odd-')
    for (const name of names) await page.getByRole('cell').filter({ hasText: name.slice(0, 40) }).first().waitFor()
    expect(await page.locator('img').count()).toBe(0)
  })

  test('finds anything by ⌘K, by keyboard alone', async () => {
    await api('POST', '/v1/tenants', yaml('found'))
    await loginByToken(gateway.token, '/t/found/routes')
    await row('/read/**').waitFor()
    await page.keyboard.press('Control+k')
    // Keys go where the focus is, which it is to have taken.
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Find anything' && document.activeElement.tagName === 'INPUT')
    await page.keyboard.type('read')
    await page.getByRole('button', { name: 'read route' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('route read').waitFor()
    expect(page.url()).toContain('/t/found/routes?open=read')
    await page.goBack()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await row('read').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('route read').waitFor()
  })

  test('a list of 5000 routes keeps to what is in sight', async () => {
    const routes = Array.from({ length: 5000 }, (_, i) => ({ name: `route-${i}`, service: 'orders', match: { paths: [`/p/${i}`] } }))
    await api('POST', '/v1/tenants', { ...yaml('many'), routes })
    await loginByToken(gateway.token, '/t/many/routes')
    await row('route-0').waitFor()
    expect(await page.getByRole('row').count()).toBeLessThan(60)
    await page.getByLabel('Filter Routes').fill('route-4999')
    await row('route-4999').waitFor()
    await page.getByText('1 of 5000').waitFor()
  })

  test('has no violation that axe knows of, on any screen, in both schemes, and fits from 360 to 2560 pixels', async () => {
    await api('POST', '/v1/tenants', yaml('axe'))
    const key = String((await api('POST', '/v1/tenants/axe/keys', { consumer: 'mobile' })).key)
    await ask('/axe/read/1', key)
    await page.goto(gateway.admin)
    await page.getByText('Log in to the console.').waitFor()
    expect(await violations(page)).toEqual([])
    await loginByToken()
    const screens = ['/tenants', '/rollout', '/audit', '/access', '/settings', ...['', '/services', '/routes', '/consumers', '/plans', '/policies', '/issuers', '/keys', '/limits', '/explain', '/revisions', '/audit', '/access', '/settings', '/routes?open=read', '/policies?open='].map((s) => `/t/axe${s}`)]
    const wrong: string[] = []
    for (const scheme of ['dark', 'light']) {
      await page.evaluate((scheme) => localStorage.setItem('mantine-color-scheme-value', scheme), scheme)
      for (const screen of screens) {
        await page.goto(gateway.admin + screen)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' })
        if (screen.includes('open=')) await page.getByRole('dialog').waitFor()
        for (const violation of await violations(page)) wrong.push(`${scheme} ${screen}: ${violation}`)
        if (scheme === 'light') continue
        for (const width of [360, 768, 2560, 1280]) {
          await page.setViewportSize({ width, height: 900 })
          // What is laid out anew takes a moment.
          await page.waitForFunction(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth, undefined, { timeout: 5000 }).catch(() => wrong.push(`${screen} is too wide at ${width}`))
        }
      }
    }
    expect(wrong).toEqual([])
  })
})
