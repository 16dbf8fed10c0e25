import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { photo } from '../support/photos.ts';
import { assertReportWritable } from './inputs/inputs.ts';
import { type Baseline, decodedBySharp, faceApi, human } from './vision/baselines.ts';
import { measureMemory, memoryComplaints, memoryTable } from './vision/memory.ts';
import { measureOpenfrs, type StageTimes } from './vision/openfrs.ts';
import { pictures } from './vision/pictures.ts';
import { medianMs } from './vision/timing.ts';

interface Row {
  readonly picture: string;
  readonly threads: number;
  readonly ours: StageTimes;
  readonly human?: Beside;
  readonly face_api?: Beside;
}

/** A baseline on the same picture. */
interface Beside {
  /** Milliseconds from the decoded picture to faces and their vectors, and how many faces there were. */
  readonly ms: number;
  readonly faces: number;
  /** `ms` over our detection, mesh and embedding together. */
  readonly ratio: number;
  /** Milliseconds from the file, and these over ours from the file; the medians of rounds side by side. */
  readonly from_file_ms: number;
  readonly from_file_ratio: number;
}

/**
 * npm run bench vision -- [--json FILE] [--rounds N] [--threads N] [--alone]: milliseconds a stage and end to end by picture
 * size, with one thread and two, where that time goes, and beside human and face-api (tfjs, WebAssembly) on the same picture, decoded
 * and from its file. With `--memory [--pictures N]
 * [--at-once N]` the memory of many large pictures instead; fails where it grows.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      rounds: { type: 'string', default: '7' },
      threads: { type: 'string', multiple: true, default: ['1', '2'] },
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
  for (const threads of values.threads.map(Number)) {
    const baselines: [name: 'human' | 'face_api', Baseline][] = values.alone
      ? []
      : [
          ['human', await human(threads)],
          ['face_api', await faceApi(threads)],
        ];
    for (const picture of await pictures(photo(3))) {
      const fromFile = baselines.map(
        ([name, { run }]) => [name, async () => run(await decodedBySharp(picture.file))] as const,
      );
      const ours = await measureOpenfrs(picture.file, threads, rounds, Object.fromEntries(fromFile));
      const beside: { human?: Beside; face_api?: Beside } = {};
      for (const [name, baseline] of baselines) {
        const faces = await baseline.run(picture.frame);
        const ms = await medianMs(rounds, () => baseline.run(picture.frame));
        const whole = ours.beside[name] as number;
        beside[name] = {
          ...{ ms, faces, ratio: ms / (ours.detect + ours.mesh + ours.embed) },
          ...{ from_file_ms: whole, from_file_ratio: whole / ours.endToEnd },
        };
      }
      rows.push({ picture: picture.name, threads, ours, ...beside });
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
    result
      ? `${ms(result.ms)} (${result.faces} faces, ${result.ratio.toFixed(1)} ×) | ${ms(result.from_file_ms)} (${result.from_file_ratio.toFixed(1)} ×)`
      : '– | –';
  return [
    '# Vision: milliseconds (median)',
    '',
    '| picture | threads | faces | decode | detect | of it shrinking | over bare | mesh | embed | over bare | end to end | human | from the file | face-api | from the file |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ picture, threads, ours, human: h, face_api: f }) =>
        `| ${picture} | ${threads} | ${ours.faces} | ${ms(ours.decode)} | ${ms(ours.detect)} | ${ms(ours.resize)} | ${ours.detectOverBare.toFixed(2)} × | ${ms(ours.mesh)} | ${ms(ours.embed)} | ${ours.embedOverBare.toFixed(2)} × | ${ms(ours.endToEnd)} | ${baseline(h)} | ${baseline(f)} |`,
    ),
    '',
    '"Of it shrinking": shrinking to the levels, one after the other (by sharp above 1.5 million pixels, else by the kernel).',
    '"Over bare": the stage, less shrinking, over running onnxruntime on the same inputs (the least of all rounds). Baselines: from the same decoded',
    'picture to faces and vectors; in brackets how many times as long as our detection, mesh and embedding together. "From the file": decoding',
    'counted on both sides, ours with its checks, theirs by sharp without; in brackets over our end to end.',
    '',
    '## Where the time goes',
    '',
    '| picture | threads | stage | milliseconds | models: runs / pictures in them: milliseconds | the rest |',
    '|---|---|---|---|---|---|',
    ...rows.flatMap(({ picture, threads, ours }) =>
      ours.breakdown.map(({ stage, ms: all, models, rest }) => {
        const runs = models.map(
          ({ id, runs, pictures, ms: own }) => `${id} ${runs} / ${pictures}: ${ms(own)}`,
        );
        return `| ${picture} | ${threads} | ${stage} | ${ms(all)} | ${runs.join('; ') || '–'} | ${ms(rest)} |`;
      }),
    ),
    '',
    ...rows.map(({ picture, threads, ours }) => {
      const levels = ours.levels.map(({ width, height, ms: own }) => `${width} × ${height}: ${ms(own)}`);
      return `Shrinking ${picture} (${threads} threads) to each level, from the one above: ${levels.join('; ')}.`;
    }),
    '',
  ].join('\n');
}
