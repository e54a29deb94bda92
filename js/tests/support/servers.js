// The real servers that tests run against.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Of each server its version and URL: those that TRUNKLINE_TEST_URLS (`13=postgres://…,18=…`) or TRUNKLINE_TEST_URL
 * name, else one of the newest version, started for these tests and stopped with them.
 */
export async function servers() {
  const { TRUNKLINE_TEST_URLS: urls, TRUNKLINE_TEST_URL: url } = process.env;
  if (url) return [{ version: 'own', url }];
  if (urls) {
    return urls.split(',').map((entry) => {
      const at = entry.indexOf('=');
      return { version: entry.slice(0, at), url: entry.slice(at + 1) };
    });
  }
  return [{ version: '18', url: await start('18') }];
}

async function start(version) {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const child = spawn('cargo', ['run', '--quiet', '-p', 'trunkline-tests', '--bin', 'server', '--', '--version', version], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // It stops when its standard input ends, which is at the latest when this process does.
  process.on('exit', () => child.kill());
  child.unref();
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  child.stdout.unref?.();
  child.stdin.unref?.();
  return line.trim();
}
