import { readFile } from 'node:fs/promises'
import { test } from 'vitest'
import { api, browser, enterToken, gateway, login, loginByToken, page, row, yaml } from './stage'

const buckets = 1000
const seconds = 20
const rounds = 4
const ticksPerSecond = 100

test('what the first screen and a long list cost', async () => {
  const startedAt = performance.now()
  await page.goto(gateway.admin)
  await page.getByText('Token', { exact: true }).click()
  console.log(`the login takes input after ${(performance.now() - startedAt).toFixed(0)} ms and ${await kilobytes()} kB`)
  await enterToken(gateway.token)
  await page.getByRole('heading', { name: 'Tenants' }).waitFor()
  console.log(`up to the first screen of the platform's owner ${await kilobytes()} kB`)
  await api('POST', '/v1/tenants', yaml('first'))
  const user = await api('POST', '/v1/tenants/first/users', { name: 'fay', role: 'owner' })
  const other = await (await browser.newContext()).newPage()
  await other.goto(gateway.admin)
  await login('first', 'fay', String(user.password), other)
  await other.getByText('live', { exact: true }).waitFor()
  console.log(`up to the first screen of a tenant's owner ${await kilobytes(other)} kB`)
  await other.context().close()

  const routes = Array.from({ length: 5000 }, (_, i) => ({ name: `route-${i}`, service: 'orders', match: { paths: [`/p/${i}`] } }))
  await api('POST', '/v1/tenants', { ...yaml('many'), routes })
  const listedAt = performance.now()
  await page.goto(`${gateway.admin}/t/many/routes`)
  await row('route-0').waitFor()
  console.log(`5000 routes are shown after ${(performance.now() - listedAt).toFixed(0)} ms`)
  console.log(`and filtered after ${(await timeOfFilter('route-4999', '1 of 5000')).toFixed(0)} ms`)
})

test('what the live view of a thousand buckets costs', async () => {
  const limits = [{ name: 'each', rate: '1/s', burst: 1000, by: ['header:x-device'] }]
  const routes = [{ name: 'open', service: 'orders', auth: ['none'], match: { paths: ['/open/**'] }, limits }]
  await api('PUT', '/v1/platform', { addressLimit: { rate: '100000/s', burst: 100000 } })
  await api('POST', '/v1/tenants', { ...yaml('busy'), routes, policies: [{ name: 'all', cedar: 'permit(principal, action, resource);' }] })
  const load = startLoad()
  await load.allSeen
  // What is compiled while it runs settles first.
  await cpuOfGateway()
  const [without, withView, inBrowser]: number[][] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    await page.goto('about:blank')
    without?.push(await cpuOfGateway())
    if (round === 0) await loginByToken(gateway.token, '/t/busy/limits')
    else await page.goto(`${gateway.admin}/t/busy/limits`)
    await page.getByText(String(buckets), { exact: true }).waitFor()
    await page.getByText('live', { exact: true }).waitFor()
    const browsers = cpuOfBrowser()
    withView?.push(await cpuOfGateway())
    inBrowser?.push(await browsers)
  }
  const shown = (values: number[] | undefined) => values?.map((v) => v.toFixed(1)).join(', ')
  console.log(`${buckets} buckets live, % of a core in each of ${rounds} rounds: the browser ${shown(inBrowser)}; the gateway with its admin ${shown(withView)}, without a view ${shown(without)}`)
  await load.stop()
})

/** From a letter's being there to the list's saying how many are left, in the page's own time. */
function timeOfFilter(text: string, left: string): Promise<number> {
  return page.getByLabel('Filter Routes').evaluate(
    (input: HTMLInputElement, [text, left]) =>
      new Promise<number>((resolve) => {
        const typedAt = performance.now()
        new MutationObserver((_, observer) => {
          if (![...document.querySelectorAll('[role=status]')].some((s) => s.textContent === left)) return
          observer.disconnect()
          resolve(performance.now() - typedAt)
        }).observe(document.body, { subtree: true, childList: true, characterData: true })
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text)
        input.dispatchEvent(new Event('input', { bubbles: true }))
      }),
    [text, left] as const,
  )
}

/** Requests of a thousand devices in turn, a hundred a second. */
function startLoad() {
  let isOver = false
  let seen = () => undefined as void
  const allSeen = new Promise<void>((resolve) => (seen = resolve))
  const over = (async () => {
    for (let i = 0; !isOver; i++) {
      await fetch(`${gateway.edge}/busy/open/1`, { headers: { 'X-Device': `device-${i % buckets}` } })
      if (i >= buckets) await new Promise((resolve) => setTimeout(resolve, 10))
      if (i === buckets) seen()
    }
  })()
  return {
    allSeen,
    stop: () => {
      isOver = true
      return over
    },
  }
}

/** Of scripts, styles and the page, as they came over the wire, without heads. */
function kilobytes(of = page): Promise<string> {
  return of.evaluate(() => {
    const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')] as PerformanceResourceTiming[]
    return (entries.reduce((sum, e) => sum + e.encodedBodySize, 0) / 1000).toFixed(0)
  })
}

const share = (cpu: number) => (100 * cpu) / seconds
const pause = () => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

async function cpuOfGateway(): Promise<number> {
  const read = async () => {
    const fields = (await readFile(`/proc/${gateway.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  }
  const before = await read()
  await pause()
  return share((await read()) - before)
}

/** All of its processes. */
async function cpuOfBrowser(): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const read = async () => (await session.send('SystemInfo.getProcessInfo')).processInfo.reduce((sum, p) => sum + p.cpuTime, 0)
  const before = await read()
  await pause()
  return share((await read()) - before)
}
