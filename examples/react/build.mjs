import { cpSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('site', { recursive: true, force: true });
await build({
  entryPoints: ['main.jsx'],
  outdir: 'site',
  bundle: true,
  minify: true,
  // The chat itself becomes a file of its own, loaded when it is opened.
  splitting: true,
  format: 'esm',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
});
cpSync('index.html', 'site/index.html');
