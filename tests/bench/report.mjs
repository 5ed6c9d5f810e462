// SPDX-License-Identifier: Apache-2.0
import { judgeGoals } from './goals.mjs';
import { compare, summarize } from './statistics.mjs';

function digits(value) {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}

function row(table, name) {
  const { median, lower, upper, best } = summarize(table.samples[name]);
  const times = compare(table.samples[name], table.samples[table.base]);
  const cells = [
    table.labels[name],
    digits(median),
    `${digits(lower)}–${digits(upper)}`,
    digits(best),
    digits(times.median),
    `${digits(times.lower)}–${digits(times.upper)}`,
    digits(times.best),
  ];
  return `| ${cells.join(' | ')} |`;
}

function tableText(table) {
  const { title, what, unit, base, labels, samples } = table;
  const rounds = samples[base].length;
  return [
    `### ${title}`,
    '',
    `${what[0].toUpperCase()}${what.slice(1)}. ${rounds} rounds.`,
    '',
    `| | median ${unit} | quartiles | best | × ${labels[base]} | quartiles | of the best |`,
    '|---|--:|--:|--:|--:|--:|--:|',
    ...Object.keys(samples).map((name) => row(table, name)),
    '',
  ].join('\n');
}

function goalsText(tables) {
  const rows = tables
    .flatMap(judgeGoals)
    .map(({ table, text, value, met }) => `| ${table} | ${text} | ${value} | ${met ? 'met' : 'missed'} |`);
  return ['### Goals', '', '| | goal | measured | |', '|---|---|--:|---|', ...rows, ''].join('\n');
}

export function markdown({ environment, tables }) {
  const { processor, cores, loadBefore, loadAfter, node } = environment;
  const machine = `${processor}, ${cores} cores; load ${loadBefore} before and ${loadAfter} after; Node ${node}.`;
  return [machine, '', ...tables.map(tableText), goalsText(tables)].join('\n');
}

/** Everything that was measured, with what the tables say. */
export function asJson({ environment, tables }) {
  const summarized = tables.map((table) => ({
    ...table,
    summary: Object.fromEntries(
      Object.keys(table.samples).map((name) => [
        name,
        { ...summarize(table.samples[name]), timesBase: compare(table.samples[name], table.samples[table.base]) },
      ]),
    ),
    goals: judgeGoals(table),
  }));
  return JSON.stringify({ environment, tables: summarized }, null, 1);
}
