#!/usr/bin/env node
// The `kinora` program. It only hands the arguments to program.ts: setting the exit code instead of
// exiting lets standard output drain first.

import { run } from './program.ts'

process.exitCode = await run(process.argv.slice(2))
