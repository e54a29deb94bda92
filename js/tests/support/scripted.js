// Servers that say what a test wants them to say.

import { Buffer } from 'node:buffer';
import { createServer } from 'node:net';

/** The password in the URL. */
export const SECRET = 'hunter2-s3cret';

/** Runs `test` with the URL of a server that does `serve` with every connection. */
export async function withServer(serve, test) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await test(`postgres://jane:${SECRET}@127.0.0.1:${server.address().port}/db`);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

export const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
export const int32 = (value) => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
export const message = (tag, ...body) => bytes(tag, int32(bytes(...body).length + 4), ...body);
const AUTHENTICATED = bytes(
  message('R', int32(0)),
  message('S', 'server_version\0', '18.4\0'),
  message('K', int32(7), int32(8)),
  message('Z', 'I'),
);

/** Answers the StartupMessage, then what `answer` says to each chunk. */
export function session(answer) {
  return (socket) => {
    socket.once('data', () => {
      socket.write(AUTHENTICATED);
      socket.on('data', (chunk) => answer(socket, chunk));
    });
  };
}
