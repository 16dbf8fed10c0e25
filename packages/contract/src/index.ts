export * from './error.ts';
export * from './error-table.ts';
export * from './fields.ts';
export * from './filter-tree.ts';
export * from './operations.ts';
