/** Loaded before a local stack that is a process of its own: it synthesizes as tests do. */
import { registerHooks } from 'node:module';

const ours = new URL('./synthesize.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === './synthesize.ts' ? ours : specifier, context),
});
