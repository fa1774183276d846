/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // Jest leaves one core to itself, which it does not need.
  maxWorkers: '100%',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/synthesizer/start.ts',
  // A backstop for what hangs, not a measure: tests share the machine's cores, and some start the whole stack.
  testTimeout: 180_000,
  transform: {
    '\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }],
  },
  // jose and the Powertools packages ship ES modules only in part; everything in node_modules that is ESM goes through swc.
  transformIgnorePatterns: ['/node_modules/(?!(jose|valibot|@valibot)/)'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.local'],
};
