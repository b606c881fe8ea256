#!/usr/bin/env node
// Committed, so that package managers find the command to link before anything is built.
import '../dist/cli.mjs'
