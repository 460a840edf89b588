import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const program = process.env.DRIZZLE ?? path.resolve(import.meta.dirname, '../../admin/Drizzle.Cli/bin/Release/net10.0/drizzle')

/** A real gateway with its admin API in one process, and a real upstream. */
export class Gateway {
  private constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
    private process: ChildProcess,
    private readonly server: Server,
    readonly admin: string,
    readonly edge: string,
    readonly token: string,
  ) {}

  /** @param settings More of the environment. */
  static async start(settings: NodeJS.ProcessEnv = {}): Promise<Gateway> {
    const folder = await mkdtemp(path.join(tmpdir(), 'drizzle-console-'))
    const server = createServer((request, response) => response.end(`${request.method} ${request.url}`)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const [admin, edge, operations] = (await freePorts(3)).map((port) => `http://127.0.0.1:${port}`)
    const environment = { ...process.env, ...settings, Drizzle__Admin__Url: admin, Drizzle__Edge__Http: edge, Drizzle__Edge__Operations: operations, DRIZZLE_DATA: folder, DRIZZLE_ADMIN: admin }
    const started = await start(environment)
    const token = (await readFile(path.join(folder, 'root.token'), 'utf8')).trim()
    return new Gateway(folder, environment, started, server, String(admin), String(edge), token)
  }

  get upstream(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  get pid(): number | undefined {
    return this.process.pid
  }

  /** What the command prints on its standard output. */
  async drizzle(...args: string[]): Promise<string> {
    return (await promisify(execFile)(program, args, { env: this.environment })).stdout.trim()
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    const gone = once(this.process, 'exit')
    this.process.kill('SIGKILL')
    await gone
  }

  async restart(): Promise<void> {
    await this.kill()
    this.process = await start(this.environment)
  }

  async stop(): Promise<void> {
    await this.kill()
    this.server.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function start(environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const started = spawn(program, ['up'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Drizzle is ready.')) resolve()
    }
    started.stdout.on('data', hear)
    started.stderr.on('data', hear)
    started.once('exit', () => reject(new Error(`drizzle up ended: ${said}`)))
  })
  return started
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  for (const server of servers) if (!server.listening) await once(server, 'listening')
  const ports = servers.map((s) => (s.address() as AddressInfo).port)
  await Promise.all(servers.map((s) => new Promise((closed) => s.close(closed))))
  return ports
}
