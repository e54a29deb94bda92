// One cell on Node, in a process of its own; says what src/cell.rs says, one JSON object a line.
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { digest } from './digest.mjs'

/** Milliseconds for connecting and for the last answers. */
const GRACE = 30_000
/** Each exports `connect(url, job)`, which gives `{ query(), close() }`; `query` resolves to an array of plain objects. */
const PEERS = { 'node/trunkline': 'trunkline', 'node/pg': 'pg', 'node/postgres.js': 'postgres' }

const job = JSON.parse(process.argv[2])
const url = process.env.TRUNKLINE_BENCH_URL
const { connect } = await import(`./peers/${PEERS[job.peer]}.mjs`)

setTimeout(() => {
  throw new Error('the cell hangs')
}, (job.warmUp + job.seconds) * 1000 + GRACE).unref()

const clients = []
for (let i = 0; i < job.connections; i++) clients.push(await connect(url, job))
const first = await clients[0].query()
const rows = first.length

let phase = 'warming up'
const latencies = []
const running = clients.flatMap((client) => Array.from({ length: job.inFlight }, () => closedLoop(client)))
// A loop that fails is noticed at once, not when the window is over.
Promise.all(running).catch((error) => {
  throw error
})

await sleep(job.warmUp)
say({ event: 'started' })
const begin = performance.now()
const cpuBefore = process.cpuUsage()
phase = 'measuring'
await sleep(job.seconds)
phase = 'stopped'
const seconds = (performance.now() - begin) / 1000
const cpu = process.cpuUsage(cpuBefore)
say({ event: 'stopped' })
await once(process.stdin, 'data')
process.stdin.destroy()

await Promise.all(running)
await Promise.all(clients.map((client) => client.close()))
latencies.sort((a, b) => a - b)
say({
  event: 'result',
  queries: latencies.length,
  seconds,
  cpu_us: cpu.user + cpu.system,
  p50_us: percentile(50),
  p99_us: percentile(99),
  rows,
  digest: digest(first),
})

/** The next query leaves when the last one's rows are there. */
async function closedLoop(client) {
  while (phase !== 'stopped') {
    const sent = performance.now()
    const result = await client.query()
    if (result.length !== rows) throw new Error(`a query gave ${result.length} rows, the first one ${rows}`)
    if (phase === 'measuring') latencies.push(performance.now() - sent)
  }
}

function percentile(percent) {
  const rank = Math.max(Math.ceil((latencies.length * percent) / 100) - 1, 0)
  return (latencies[rank] ?? 0) * 1000
}

function sleep(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}

function say(message) {
  writeSync(1, `${JSON.stringify(message)}\n`)
}
