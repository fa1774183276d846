/** Builds the package into `dist/`, and prints each file's size and its value for `integrity`. */
import path from 'node:path';
import { buildPackage } from './package/build.ts';

const files = await buildPackage(path.join(import.meta.dirname, '..', 'dist'));
for (const { name, bytes, gzipBytes, integrity } of files) {
  console.log(`${name.padEnd(20)} ${bytes} bytes, ${gzipBytes} compressed, ${integrity}`);
}
