export * from './errors/index.js';
export type { BatchOptions, BatchQuery, BatchResult } from './batch.js';
export type { Connection } from './client.js';
export type { WebSocketConstructor } from './engine/core.js';
export type { Notice } from './notice.js';
export type { ConnectOptions } from './options.js';
export type { CommandResult, Parameter, QueryOptions, Row, TransactionStatus } from './query.js';
export type { Statement, StatementColumn, StatementType } from './statement.js';
