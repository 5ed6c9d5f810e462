// SPDX-License-Identifier: Apache-2.0
import Papa from 'papaparse';
import type { Evidence, FactKind, ImportRow } from './bureau.js';

/** What is wrong with a line; the words are in i18n/ as `bureau.import.fault.*`. */
export type Fault = 'columns' | 'id-number' | 'kind' | 'day' | 'evidence' | 'twice' | 'unreadable' | 'empty' | 'too-long';

export interface LineFault {
  /** As an editor counts: the heading is line 1. */
  readonly line: number;
  readonly fault: Fault;
}

/** A list as read: the rows that are good, and what is wrong with the others. */
export interface ImportFile {
  readonly rows: readonly ImportRow[];
  readonly faults: readonly LineFault[];
}

export const kMostRows = 20_000;

/** The columns, in any order, by the headings that may name them; and what the cells of two of them may say. */
const columns: readonly (readonly string[])[] = [
  ['idnumber', '身份证号'],
  ['kind', '类别'],
  ['day', '日期'],
  ['evidence', '依据'],
];
const kinds: Readonly<Record<string, FactKind>> = {
  confirmed: 'confirmed', 确诊: 'confirmed', suspected: 'suspected', 疑似: 'suspected', contact: 'contact', 密切接触: 'contact',
  journey: 'journey', 重点地区: 'journey', border: 'border', 入境: 'border',
};
const evidenceOf: Readonly<Record<string, Evidence>> = {
  laboratory: 'laboratory', 化验: 'laboratory', doctor: 'doctor', 医生: 'doctor', tracing: 'tracing', 流调: 'tracing',
  'travel-record': 'travel-record', 行程记录: 'travel-record', 'border-record': 'border-record', 入境记录: 'border-record',
};

/** An empty list, as a spreadsheet opens it. */
export function template(locale: string): string {
  const heading = locale === 'en' ? 'ID number,kind,day,evidence' : '身份证号,类别,日期,依据';
  return `\uFEFF${heading}\r\n`;
}

/** The text of a file: UTF-8, or else what Chinese spreadsheets write. */
export function decodeFile(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** Reads a list. @param now  Unix seconds: nothing happened later */
export function readImportFile(text: string, now: number): ImportFile {
  const { data, errors } = Papa.parse<string[]>(text, { skipEmptyLines: false });
  const broken = errors.find((error) => error.type !== 'Delimiter');
  if (broken) return { rows: [], faults: [{ line: (broken.row ?? 0) + 1, fault: 'unreadable' }] };
  const [heading = [], ...lines] = data;
  const order = orderOf(heading);
  if (!order) return { rows: [], faults: [{ line: 1, fault: 'columns' }] };
  if (lines.length > kMostRows + 1) return { rows: [], faults: [{ line: kMostRows + 2, fault: 'too-long' }] };
  return checkLines(lines, order, now);
}

function checkLines(lines: readonly string[][], order: readonly number[], now: number): ImportFile {
  const rows: ImportRow[] = [];
  const faults: LineFault[] = [];
  const seen = new Set<string>();
  lines.forEach((cells, at) => {
    if (cells.every((cell) => cell.trim() === '')) return;
    const row = readRow(cells, order, now);
    const repeated = typeof row !== 'string' && seen.has(JSON.stringify(row));
    if (typeof row === 'string' || repeated) return faults.push({ line: at + 2, fault: repeated ? 'twice' : (row as Fault) });
    seen.add(JSON.stringify(row));
    return rows.push(row);
  });
  return rows.length + faults.length === 0 ? { rows, faults: [{ line: 2, fault: 'empty' }] } : { rows, faults };
}

/** Where each of the columns is; undefined where the heading does not name just these. */
function orderOf(heading: readonly string[]): readonly number[] | undefined {
  const named = heading.map((cell) => cell.replace(/\uFEFF|[\s_-]/g, '').toLowerCase());
  const order = columns.map((names) => named.findIndex((name) => names.includes(name)));
  return named.length === columns.length && !order.includes(-1) ? order : undefined;
}

function readRow(cells: readonly string[], order: readonly number[], now: number): ImportRow | Fault {
  if (cells.length !== columns.length) return 'columns';
  const [idNumber, kindText, dayText, evidenceText] = order.map((at) => cells[at]!.trim()) as [string, string, string, string];
  const kind = kinds[kindText.toLowerCase()];
  const at = readDay(dayText);
  const evidence = evidenceOf[evidenceText.toLowerCase()];
  if (!isIdNumber(idNumber.toUpperCase())) return 'id-number';
  if (!kind) return 'kind';
  if (at === undefined || at > now) return 'day';
  if (!evidence) return 'evidence';
  return { idNumber: idNumber.toUpperCase(), kind, at, evidence };
}

/** Midnight here of "2020-02-11" or "2020/2/11", Unix seconds. */
function readDay(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text)?.map(Number) ?? [];
  if (!year || !month || !day) return undefined;
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() / 1000 : undefined;
}

/** GB 11643: 17 digits and a check digit by ISO 7064, MOD 11-2. */
export function isIdNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  let sum = 0;
  for (const character of text) sum = (sum * 2 + (character === 'X' ? 10 : Number(character))) % 11;
  return sum === 1;
}
