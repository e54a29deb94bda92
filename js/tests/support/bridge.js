// A minimal WebSocket-to-TCP bridge on the loopback interface, for tests: binary messages become bytes and back.

import { createConnection } from 'node:net';

import { WebSocketServer } from 'ws';

/** Bytes that wait for a slow side before the other one is no longer read. */
const HIGH_WATER = 1024 * 1024;

/** Starts a bridge to these `host:port`, and to nothing else. */
export async function startBridge(allowed) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const sockets = new Set();
  server.on('connection', (webSocket, request) => {
    const address = new URL(request.url, 'ws://bridge').searchParams.get('address') ?? '';
    if (!allowed.includes(address)) return webSocket.close(1008, `${address} is not allowed`);
    const at = address.lastIndexOf(':');
    const socket = createConnection({ host: address.slice(0, at), port: Number(address.slice(at + 1)), noDelay: true });
    sockets.add(socket);
    socket.on('data', (chunk) => {
      webSocket.send(chunk, { binary: true }, () => {
        if (webSocket.bufferedAmount < HIGH_WATER) socket.resume();
      });
      if (webSocket.bufferedAmount >= HIGH_WATER) socket.pause();
    });
    socket.on('end', () => webSocket.close(1000));
    socket.on('error', (error) => webSocket.close(1011, error.code ?? 'error'));
    socket.on('close', () => sockets.delete(socket));
    webSocket.on('message', (message) => socket.write(message));
    webSocket.on('close', () => socket.destroy());
    webSocket.on('error', () => socket.destroy());
  });
  return {
    url: `ws://127.0.0.1:${server.address().port}/v1`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      for (const client of server.clients) client.terminate();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
