// SPDX-License-Identifier: Apache-2.0
// Runs readable scripts of the `liangma` command: node run.mjs BIN_DIR SCRIPT.txt…
//
// In a script everything that is indented by two spaces is run or expected, the rest is prose:
//   "  $ command"  run by bash, in a fresh folder that all commands of the script share, with world.sh read in
//   "  > more"     goes on with the command
//   "  output"     what it prints, standard error included; ends with " (re)" or " (glob)" where it is a pattern
//   "  [n]"        its exit code, where it is not 0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Splits a script into steps: line number, command, expected lines, expected exit code. */
function parseScript(text) {
  const steps = [];
  text.split('\n').forEach((line, index) => {
    if (!line.startsWith('  ')) return;
    const rest = line.slice(2);
    const step = steps.at(-1);
    const exit = /^\[(\d+)\]$/.exec(rest);
    if (rest.startsWith('$ ')) steps.push({ line: index + 1, command: rest.slice(2), output: [], exit: 0 });
    else if (rest.startsWith('> ')) step.command += '\n' + rest.slice(2);
    else if (exit) step.exit = Number(exit[1]);
    else step.output.push(rest);
  });
  return steps;
}

const escapeRegExp = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The pattern that one expected line stands for. */
function linePattern(expected) {
  if (expected.endsWith(' (re)')) return new RegExp(`^(?:${expected.slice(0, -5)})$`, 'u');
  if (!expected.endsWith(' (glob)')) return new RegExp(`^${escapeRegExp(expected)}$`, 'u');
  return new RegExp(`^${expected.slice(0, -7).split('*').map(escapeRegExp).join('.*')}$`, 'u');
}

function outputMatches(expected, lines) {
  return expected.length === lines.length && expected.every((line, i) => linePattern(line).test(lines[i]));
}

function runStep(step, folder, binDir) {
  const env = { ...process.env, PATH: `${binDir}:${process.env.PATH}`, HOME: folder, LC_ALL: 'C.UTF-8', TERM: 'dumb' };
  const script = `. "${join(here, 'world.sh')}"\n{ ${step.command}\n} 2>&1`;
  const done = spawnSync('bash', ['-c', script], { cwd: folder, env, encoding: 'utf8', timeout: 60_000 });
  const lines = done.stdout.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { exit: done.signal ?? done.status, lines: done.stderr === '' ? lines : [...lines, done.stderr] };
}

function report(script, step, got) {
  const indent = (lines) => lines.map((line) => `    ${line}`).join('\n');
  console.log(`${script}:${step.line}: $ ${step.command}`);
  console.log(`  expected exit ${step.exit}:\n${indent(step.output)}\n  got exit ${got.exit}:\n${indent(got.lines)}`);
}

/** Runs one script; stops at its first step that is not as expected. */
function runScript(path, binDir) {
  const steps = parseScript(readFileSync(path, 'utf8'));
  if (steps.length === 0) throw new Error(`${path}: has no commands`);
  const folder = mkdtempSync(join(tmpdir(), 'liangma-cli-'));
  try {
    for (const step of steps) {
      const got = runStep(step, folder, binDir);
      if (got.exit === step.exit && outputMatches(step.output, got.lines)) continue;
      report(path, step, got);
      return false;
    }
    console.log(`ok ${basename(path)}: ${steps.length} commands`);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [binDir, ...scripts] = process.argv.slice(2);
if (scripts.length === 0) throw new TypeError('usage: run.mjs BIN_DIR SCRIPT.txt…');
const failed = scripts.filter((script) => !runScript(resolve(script), resolve(binDir)));
process.exitCode = failed.length === 0 ? 0 : 1;
