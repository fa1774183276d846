/**
 * Makes each chunk of the client and of the panel whole: what it shares with what loads it is in it a
 * second time. esbuild would move that into further files instead, and all would wait for one more request.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Loader, Plugin } from 'esbuild';

const LOADS_CHUNKS = /client[\\/](sdk|widget[\\/](panel|texts))[\\/]/;

export const wholeChunks: Plugin = {
  name: 'whole-chunks',
  setup({ onLoad, onResolve, resolve }) {
    onResolve(
      { filter: /.*/ },
      async ({ importer, kind, path: wanted, pluginData, resolveDir }) => {
        if (pluginData?.isPlain) return undefined;
        const begins = kind === 'dynamic-import' && LOADS_CHUNKS.test(importer);
        const chunk: unknown = begins ? path.basename(wanted) : pluginData?.chunk;
        if (chunk === undefined) return undefined;
        const found = await resolve(wanted, {
          kind,
          importer,
          resolveDir,
          pluginData: { isPlain: true },
        });
        // To esbuild the same file with another suffix is another module.
        return found.errors.length > 0
          ? found
          : { path: found.path, suffix: `?${chunk}`, pluginData: { chunk } };
      },
    );
    onLoad({ filter: /\.tsx?$/ }, async ({ path: file, pluginData }) =>
      pluginData?.chunk === undefined
        ? undefined
        : {
            contents: await readFile(file, 'utf8'),
            loader: path.extname(file).slice(1) as Loader,
            pluginData,
          },
    );
  },
};
