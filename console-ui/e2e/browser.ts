import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type Page } from 'playwright-core'

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export function launch(): Promise<Browser> {
  const executablePath = places.find((place) => place !== undefined && existsSync(place))
  if (!executablePath) throw new Error('The tests of the console need Chromium: install the package chromium, or name it in CHROMIUM.')
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

/** A page that fails its test where a script fails. */
export async function open(browser: Browser, errors: string[], size = { width: 1280, height: 800 }): Promise<Page> {
  const page = await (await browser.newContext({ viewport: size })).newPage()
  page.setDefaultTimeout(20_000)
  page.on('pageerror', (error) => errors.push(error.message))
  return page
}

interface Violation {
  id: string
  help: string
  nodes: { html: string }[]
}

/** What axe has against the page as it is. */
export async function violations(page: Page): Promise<string[]> {
  // Through the debugger, since the page's own policy lets no foreign script in.
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } }
    return (await axe.run()).violations
  })
  return found.map((v) => `${v.id}: ${v.help} ${v.nodes.map((n) => n.html).join(' | ').slice(0, 300)}`)
}
