import { Connection } from './client.js';
import type { Configuration, Target } from './engine/core.js';
import { Driver } from './engine/driver.js';
import { Instance } from './engine/instance.js';
import { ClosedError } from './errors/closed-error.js';
import { ConnectError, type ConnectAttempt, type ConnectPhase } from './errors/connect-error.js';
import { located } from './errors/located.js';
import { ServerError } from './errors/server-error.js';
import { TimeoutError } from './errors/timeout-error.js';
import { UsageError } from './errors/usage-error.js';
import { checkOptions, type CheckedOptions, type ConnectOptions } from './options.js';
import type { Platform } from './platform.js';
import { LONGEST_TIMER } from './timer.js';
import { TransportFailure, type Open } from './transport/transport.js';
import { throughProxy } from './transport/websocket.js';

/** Connects to the first host of a configuration that answers. */
export async function connectOn(platform: Platform, url: string, given: ConnectOptions): Promise<Connection> {
  if (typeof url !== 'string') throw new UsageError(`the URL is a string, not a value of type ${typeof url}`);
  const options = checkOptions(given);
  options.signal?.throwIfAborted();
  const instance = Instance.current(platform.bufferOver);
  const configuration = configure(instance, url, options, platform);
  try {
    const target = JSON.parse(configuration.target()) as Target;
    if (target.needsTls) {
      throw new UsageError('sslmode asks for TLS, which this version does not have yet; use sslmode=disable or prefer');
    }
    const open = opener(instance, platform, options);
    return await firstOf(instance, configuration, target, open, options);
  } finally {
    configuration.free();
  }
}

function configure(instance: Instance, url: string, options: CheckedOptions, platform: Platform): Configuration {
  try {
    return new instance.core.Configuration(
      url,
      flat(options.texts),
      flat(platform.environment()),
      options.codecs.described,
      options.connectTimeout,
      options.commandTimeout,
    );
  } catch (error) {
    throw located(error);
  }
}

/** Names and values in turn, each ended by a NUL. */
function flat(pairs: [string, string][]): string {
  return pairs.map(([name, value]) => `${name}\0${value}\0`).join('');
}

function opener(instance: Instance, platform: Platform, { proxy, webSocket }: CheckedOptions): Open {
  if (proxy !== undefined) return throughProxy(instance, proxy, webSocket);
  if (platform.open !== undefined) return platform.open;
  throw new UsageError('this runtime has no sockets: give the URL of a WebSocket proxy as the option proxy');
}

async function firstOf(
  instance: Instance,
  configuration: Configuration,
  target: Target,
  open: Open,
  options: CheckedOptions,
): Promise<Connection> {
  const over = new Deadline(target.connectTimeout, options.signal);
  const attempts: ConnectAttempt[] = [];
  try {
    for (const [index, { shown }] of target.hosts.entries()) {
      const attempt = new Attempt(instance, configuration, target, index, open, options);
      try {
        return new Connection(await attempt.run(over.signal), shown);
      } catch (cause) {
        options.signal?.throwIfAborted();
        const error = over.passed ? timedOut(target.connectTimeout, attempt.phase) : asError(cause);
        attempts.push({ host: shown, phase: attempt.phase, error });
        // Another host has the same users: libpq does not try it either.
        if (over.passed || error instanceof ServerError) break;
      }
    }
  } finally {
    over.cancel();
  }
  throw new ConnectError(attempts);
}

/** One attempt, and how far it came. */
class Attempt {
  phase: ConnectPhase;
  readonly #instance: Instance;
  readonly #configuration: Configuration;
  readonly #target: Target;
  readonly #index: number;
  readonly #open: Open;
  readonly #options: CheckedOptions;

  constructor(
    instance: Instance,
    configuration: Configuration,
    target: Target,
    index: number,
    open: Open,
    options: CheckedOptions,
  ) {
    this.#instance = instance;
    this.#configuration = configuration;
    this.#target = target;
    this.#index = index;
    this.#open = open;
    this.#options = options;
    if (options.proxy !== undefined) this.phase = 'websocket';
    else this.phase = target.hosts[index].path === undefined ? 'tcp' : 'unix';
  }

  async run(signal: AbortSignal): Promise<Driver> {
    const transport = await this.#transport(signal);
    this.phase = 'startup';
    const driver = new Driver(this.#instance, this.#configuration, this.#index, transport, this.#options);
    const abort = () => driver.destroy();
    signal.addEventListener('abort', abort);
    try {
      if (signal.aborted) abort();
      await driver.opened();
      return driver;
    } catch (error) {
      driver.destroy();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async #transport(signal: AbortSignal) {
    try {
      return await this.#open(this.#target.hosts[this.#index], signal);
    } catch (error) {
      if (error instanceof TransportFailure) this.phase = error.phase;
      throw error;
    }
  }
}

/**
 * A signal that is aborted when a time has passed, or with another one. The only clock that connecting has: with two,
 * the program could be told of the same end in two ways.
 */
class Deadline {
  passed = false;
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #outer: AbortSignal | undefined;
  readonly #abort = () => this.#controller.abort();

  constructor(milliseconds: number, outer: AbortSignal | undefined) {
    this.#outer = outer;
    outer?.addEventListener('abort', this.#abort);
    if (milliseconds > 0 && milliseconds <= LONGEST_TIMER) {
      this.#timer = setTimeout(() => {
        this.passed = true;
        this.#abort();
      }, milliseconds);
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
  }
}

function timedOut(milliseconds: number, phase: ConnectPhase): TimeoutError {
  const awaited = phase === 'startup' ? 'the server to answer' : 'the connection';
  return new TimeoutError(`no answer within ${milliseconds} ms while waiting for ${awaited}`, { safeToRetry: true });
}

/** The Error of what went wrong; of a session that the server refused, what the server said. */
function asError(cause: unknown): Error {
  const error = located(cause);
  if (error instanceof ClosedError && error.reason === 'server' && error.cause instanceof Error) return error.cause;
  return error instanceof Error ? error : new Error(String(error));
}
