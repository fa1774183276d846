import { cpSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { compileScript, parse } from 'vue/compiler-sfc';

/** With Vite, its Vue plugin does this: `vue({ template: { compilerOptions: { isCustomElement } } })`. */
const isCustomElement = (tag) => tag === 'flex-chat';

const singleFileComponents = {
  name: 'vue',
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, ({ path: filename }) => {
      const { descriptor } = parse(readFileSync(filename, 'utf8'), { filename });
      const { content } = compileScript(descriptor, {
        id: 'app',
        inlineTemplate: true,
        templateOptions: { compilerOptions: { isCustomElement } },
      });
      return { contents: content, loader: 'js' };
    });
  },
};

rmSync('site', { recursive: true, force: true });
await build({
  entryPoints: ['main.js'],
  outdir: 'site',
  bundle: true,
  minify: true,
  // The chat itself becomes a file of its own, loaded when it is opened.
  splitting: true,
  format: 'esm',
  plugins: [singleFileComponents],
  define: {
    'process.env.NODE_ENV': '"production"',
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
});
cpSync('index.html', 'site/index.html');
