const { availableParallelism } = require('node:os');

/** Packages, heavy or written as ES modules, that ask neither for the test's environment variables nor for its classes. */
const NATIVE = '(aws-cdk-lib|constructs|valibot|@valibot|jose|@sparticuz)/';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // A worker waits a quarter of its time: for a letter that looks again, for a browser, for a program that starts.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // A worker writes its compile cache when it ends, which takes longer than jest's own half second.
  workerGracefulExitTimeout: 5_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/synthesizer/start.ts',
  // A backstop for what hangs, not a measure: tests share the machine's cores, and some start the whole stack.
  testTimeout: 180_000,
  transform: {
    [`/node_modules/${NATIVE}.*\\.[cm]?js$`]: '<rootDir>/test/support/native-modules.cjs',
    '\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!${NATIVE})`],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.local'],
};
