/** The command `flex-channel` as one file, which runs on the Node that npx finds, without TypeScript. */
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { BundledFile } from './bundle.ts';
import { PROJECT } from './bundle.ts';

/** What the command asks of Twilio. The others would be most of the file. */
const PRODUCTS = ['Api', 'Chat', 'Conversations', 'Events', 'FlexApi', 'Studio', 'Taskrouter'];

export async function bundleCommand(): Promise<BundledFile> {
  const { outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: { command: 'admin/main.ts' },
    bundle: true,
    minify: true,
    platform: 'node',
    // Only for the plugin, which is built in a clone.
    external: ['esbuild'],
    format: 'esm',
    target: 'node20.11',
    mainFields: ['module', 'main'],
    plugins: [neededProducts],
    legalComments: 'none',
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    write: false,
    banner: {
      js: "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
    },
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild made no command');
  return { name: path.basename(file.path), contents: file.contents };
}

/** Twilio's SDK loads the code of a product when it is first used, and so names it. */
const neededProducts: Plugin = {
  name: 'needed-products',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]twilio[\\/]lib[\\/]rest[\\/]\w+\.js$/ }, ({ path: file }) => {
      const product = path.basename(file, '.js').replace(/Base$/, '');
      if (product === 'Twilio' || PRODUCTS.includes(product)) return undefined;
      const message = `scripts/package/command.ts leaves out Twilio's ${product}`;
      return {
        contents: `module.exports = class { constructor() { throw new Error(${JSON.stringify(message)}); } };`,
      };
    });
  },
};
