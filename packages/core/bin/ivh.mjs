#!/usr/bin/env node
// Committed, so that package managers find the command to link before anything is built.
import { runCommand } from '../dist/doctor.mjs'

process.exitCode = await runCommand(process.argv.slice(2), console)
