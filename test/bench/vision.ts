import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { photo } from '../support/photos.ts';
import { assertReportWritable } from './inputs/inputs.ts';
import { type Baseline, faceApi, human } from './vision/baselines.ts';
import { measureMemory, memoryComplaints, memoryTable } from './vision/memory.ts';
import { measureOpenfrs, type StageTimes } from './vision/openfrs.ts';
import { pictures } from './vision/pictures.ts';
import { median } from './vision/timing.ts';

interface Row {
  readonly picture: string;
  readonly threads: number;
  readonly ours: StageTimes;
  /** Milliseconds from the decoded picture to faces and their vectors, and how many faces there were. */
  readonly human?: { readonly ms: number; readonly faces: number; readonly ratio: number };
  readonly face_api?: { readonly ms: number; readonly faces: number; readonly ratio: number };
}

/**
 * npm run bench vision -- [--json FILE] [--rounds N] [--alone]: milliseconds a stage and end to end by picture size,
 * with one thread and two, beside human and face-api (tfjs, WebAssembly) on the same pixels. With `--memory [--pictures N]
 * [--at-once N]` the memory of many large pictures instead; fails where it grows.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      rounds: { type: 'string', default: '7' },
      alone: { type: 'boolean', default: false },
      memory: { type: 'boolean', default: false },
      pictures: { type: 'string', default: '1000' },
      'at-once': { type: 'string', default: '100' },
    },
  });
  assertReportWritable(values.json);
  if (values.memory) return memory(Number(values.pictures), Number(values['at-once']), values.json);
  const rounds = Number(values.rounds);
  const rows: Row[] = [];
  for (const threads of [1, 2]) {
    const baselines = values.alone ? [] : [await human(threads), await faceApi(threads)];
    for (const picture of await pictures(photo(3))) {
      const ours = await measureOpenfrs(picture.file, threads, rounds);
      const beside = async (baseline: Baseline | undefined) => {
        if (baseline === undefined) return undefined;
        const faces = await baseline.run(picture.frame);
        const ms = await median(rounds, () => baseline.run(picture.frame));
        return { ms, faces, ratio: ms / (ours.detect + ours.mesh + ours.embed) };
      };
      const [h, f] = [await beside(baselines[0]), await beside(baselines[1])];
      rows.push({ picture: picture.name, threads, ours, ...(h && { human: h }), ...(f && { face_api: f }) });
    }
  }
  console.log(toMarkdown(rows));
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify({ rows }, null, 2)}\n`);
    await writeFile(`${values.json.replace(/\.json$/, '')}.md`, toMarkdown(rows));
  }
}

async function memory(pictures: number, atOnce: number, file: string | undefined): Promise<void> {
  const result = await measureMemory(pictures, atOnce);
  console.log(memoryTable(result));
  if (file !== undefined) await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  const complaints = memoryComplaints(result);
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exitCode = 1;
}

function toMarkdown(rows: readonly Row[]): string {
  const ms = (value: number) => value.toFixed(1);
  const baseline = (result: Row['human']) =>
    result ? `${ms(result.ms)} (${result.faces} faces, ${result.ratio.toFixed(1)} ×)` : '–';
  return [
    '# Vision: milliseconds (median)',
    '',
    '| picture | threads | faces | decode | detect | of it sharp | over bare | mesh | embed | over bare | end to end | human | face-api |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ picture, threads, ours, human: h, face_api: f }) =>
        `| ${picture} | ${threads} | ${ours.faces} | ${ms(ours.decode)} | ${ms(ours.detect)} | ${ms(ours.resize)} | ${ours.detectOverBare.toFixed(2)} × | ${ms(ours.mesh)} | ${ms(ours.embed)} | ${ours.embedOverBare.toFixed(2)} × | ${ms(ours.endToEnd)} | ${baseline(h)} | ${baseline(f)} |`,
    ),
    '',
    '"Of it sharp": its own time, one shrinking after the other; all but the first go on while the detector runs.',
    '"Over bare": the stage, less sharp, over running onnxruntime on the same inputs (the least of all rounds). Baselines: from the same decoded',
    'picture to faces and vectors; in brackets how many times as long as our detection, mesh and embedding together.',
    '',
  ].join('\n');
}
