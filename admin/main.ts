/** `flex-channel`: sets Twilio up for the channel and tells what is wrong with it. */
import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

process.exitCode = await run(process.argv.slice(2), processTerminal(), process.env);
