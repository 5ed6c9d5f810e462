// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median } from './statistics.mjs';

const run = promisify(execFile);
const slices = 9;
const secondsPerSlice = 0.003;

/**
 * A turn of one Google Benchmark in a process of its own: median microseconds of a few short slices.
 *
 * @param clock  'cpu_time', or 'real_time' beside contenders that only have that
 */
export async function nativeTurn(program, name, clock = 'cpu_time') {
  const { stdout } = await run(program, [
    `--benchmark_filter=^${name}$`,
    `--benchmark_repetitions=${slices}`,
    `--benchmark_min_time=${secondsPerSlice}`,
    '--benchmark_format=json',
  ]);
  const runs = JSON.parse(stdout).benchmarks.filter((one) => one.run_type === 'iteration');
  const failed = runs.find((one) => one.error_occurred);
  if (failed || runs.length === 0) throw new Error(`${name}: ${failed?.error_message ?? 'no such benchmark'}`);
  return median(runs.map((one) => one[clock]));
}
