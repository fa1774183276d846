/**
 * Jest's transform for heavy packages: each is loaded by Node itself, once for all tests of a
 * worker. In Jest's own registry every test file reads and compiles the CDK and Valibot anew.
 */
const { Module } = require('node:module');

// The class that tests see is a copy of Node's, whose `createRequire` leads back into Jest.
if (typeof Module._load !== 'function') throw new Error('Node has no Module._load any more');

module.exports = {
  process: (_source, file) => ({
    code: `module.exports = require('node:module')._load(${JSON.stringify(file)});`,
  }),
  getCacheKey: (_source, file) => `native-${Buffer.from(file).toString('base64url')}`,
};
