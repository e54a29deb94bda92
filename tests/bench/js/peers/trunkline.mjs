// trunkline as built by `cargo xtask wasm`: the module that the package's own `exports` name for Node.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const { resolve } = createRequire(new URL('../../../../js/package.json', import.meta.url))
const { connect: open } = await import(pathToFileURL(resolve('trunkline')))

export async function connect(url, { sql, parameters }) {
  const connection = await open(url)
  return {
    query: () => connection.fetch(sql, parameters),
    close: () => connection.close(),
  }
}
