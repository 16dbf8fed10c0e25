import { useEffect, useMemo, useState } from 'preact/hooks';
import type { FaceSetInfo } from '../api/responses.ts';
import { DropZone } from '../components/drop-zone.tsx';
import { FileButton } from '../components/file-button.tsx';
import { Busy, Failure, Notice, useReason } from '../components/notice.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { choosesFolder, filesOfDrop, filesOfInput, picturesOf } from '../pictures/folder.ts';
import type { PathFile } from '../pictures/picture-book.ts';
import { CandidateList } from './candidate-list.tsx';
import { EnrolmentProgress } from './enrolment-progress.tsx';
import { type FieldTable, isTable, readTable } from './field-table.ts';
import { useFindingText } from './finding-text.ts';
import { type Layout, planOf, unusedRows } from './plan.ts';
import { download, reportCsv } from './report.ts';
import { type Candidate, useEnrolment } from './use-enrolment.ts';
import { filesOfZip } from './zip.ts';

interface Source {
  readonly photos: readonly PathFile[];
  readonly table?: FieldTable;
  /** Files that are neither pictures nor tables. */
  readonly others: number;
}

/** From a folder to people in a set: choose, check without writing, enrol, and what came of it. */
export function Enrolment({ info }: { info: FaceSetInfo }) {
  const t = useText();
  const [layout, setLayout] = useState<Layout>({ kind: 'folder' });
  const [common, setCommon] = useState<Readonly<Record<string, string>>>({});
  const [strict, setStrict] = useState(true);
  const enrolment = useEnrolment(info, { strict });
  const source = useAsync(readSource);
  const { result } = source;
  useEffect(() => {
    if (!result) return;
    const hasFolders = result.photos.some(({ path }) => path.includes('/'));
    setLayout({ kind: hasFolders ? 'folder' : 'file' });
  }, [result]);
  useEffect(() => {
    enrolment.plan(result ? planOf(result.photos, layout, info.external_fields, result.table, common) : []);
  }, [result, layout, common]);
  const { candidates, progress } = enrolment;
  const unused = useMemo(
    () =>
      unusedRows(
        result?.table,
        candidates.map(({ planned }) => planned),
      ),
    [result, candidates.length],
  );
  const checked = candidates.filter((one) => one.checked).length;
  const wanted = candidates.filter(({ wanted, state }) => wanted && state !== 'added').length;
  const through = candidates.filter(({ state }) => state === 'added' || state === 'failed').length;
  const isChecked = candidates.length > 0 && checked === candidates.length;
  const step = through > 0 ? 3 : isChecked ? 2 : candidates.length > 0 ? 1 : 0;
  const steps = [t('Choose the photos'), t('Check them'), t('Enrol'), t('Report')];
  const isRunning = progress !== undefined;
  return (
    <div class="stack">
      <ol class="steps">
        {steps.map((name, index) => (
          <li key={name} aria-current={index === step ? 'step' : undefined}>
            {name}
          </li>
        ))}
      </ol>
      {!isRunning && through === 0 && <SourceInput onFiles={(files) => void source.start(files)} />}
      {source.busy && <Busy label={t('Reading the files')} />}
      <Failure error={source.error} />
      {result && (
        <section class="card" aria-label={t('What would be enrolled')}>
          <Sums candidates={candidates} />
          {result.others > 0 && (
            <p class="hint">{t('Left out, neither pictures nor tables: {}', result.others)}</p>
          )}
          {unused.length > 0 && (
            <Notice kind="warn">
              {t('Rows of the table without photos: {}', unused.slice(0, 10).join(', '))}
            </Notice>
          )}
          {through === 0 && !isRunning && (
            <>
              <LayoutChoice layout={layout} onLayout={setLayout} />
              <CommonFields info={info} common={common} onCommon={setCommon} />
              <label class="check">
                <input
                  type="checkbox"
                  checked={strict}
                  onChange={(e) => setStrict(e.currentTarget.checked)}
                />
                {t('Refuse photos that hold too little of a person')}
              </label>
            </>
          )}
          {progress ? (
            <EnrolmentProgress
              progress={progress}
              onPause={enrolment.pause}
              onResume={enrolment.resume}
              onStop={enrolment.stop}
            />
          ) : (
            <div class="row">
              {!isChecked && through === 0 && (
                <button
                  type="button"
                  disabled={candidates.length === 0}
                  onClick={() => void enrolment.check()}
                >
                  {t('Check {} photos, write nothing', candidates.length - checked)}
                </button>
              )}
              <button
                type="button"
                class={isChecked || through > 0 ? '' : 'secondary'}
                disabled={wanted === 0}
                onClick={() => void enrolment.enrol()}
              >
                {t('Enrol {} photos', wanted)}
              </button>
              {(through > 0 || isChecked) && <ReportButton info={info} candidates={candidates} />}
              {through > 0 && (
                <a class="button secondary" href={`#/people/${encodeURIComponent(info.face_set_name)}`}>
                  {t('See the people')}
                </a>
              )}
            </div>
          )}
        </section>
      )}
      <CandidateList candidates={candidates} onChoose={enrolment.choose} isRunning={isRunning} />
    </div>
  );
}

async function readSource(files: readonly PathFile[]): Promise<Source> {
  const within: PathFile[] = [];
  for (const one of files) {
    if (/\.zip$/i.test(one.path)) within.push(...(await filesOfZip(one.file)));
    else within.push(one);
  }
  const tables = within.filter(({ path }) => isTable(path));
  const read = await Promise.all(tables.map(({ file }) => readTable(file)));
  const byPath = new Intl.Collator(undefined, { numeric: true });
  const photos = picturesOf(within).sort((a, b) => byPath.compare(a.path, b.path));
  return {
    photos,
    others: within.length - photos.length - tables.length,
    ...(read.length > 0 && { table: new Map(read.flatMap((table) => [...table])) }),
  };
}

function SourceInput({ onFiles }: { onFiles: (files: readonly PathFile[]) => void }) {
  const t = useText();
  const take = (files: FileList | null) => onFiles(filesOfInput(files));
  return (
    <DropZone onItems={(items) => void filesOfDrop(items).then(onFiles)}>
      <FileButton
        label={t('Folder with one folder a person')}
        choice={{ multiple: true, ...choosesFolder }}
        onFiles={take}
      />
      <FileButton
        label={t('Photos, a ZIP, a table (CSV or JSON)')}
        choice={{ multiple: true, accept: 'image/*,.zip,.csv,.json' }}
        secondary
        onFiles={take}
      />
      <span class="hint">
        {t(
          'or drop them here, folders too. The table has a column person (or file) and a column for each field. Two or three photos of a person are found far more often than one.',
        )}
      </span>
    </DropZone>
  );
}

function LayoutChoice({ layout, onLayout }: { layout: Layout; onLayout: (layout: Layout) => void }) {
  const t = useText();
  return (
    <div class="row">
      <label>
        {t('Who is on a photo')}
        <select
          value={layout.kind}
          onChange={({ currentTarget: { value } }) =>
            onLayout(value === 'one' ? { kind: 'one', name: 'person' } : { kind: value as 'folder' | 'file' })
          }
        >
          <option value="folder">{t('whom its folder is named after')}</option>
          <option value="file">{t('whom the file is named after')}</option>
          <option value="one">{t('one person on all of them')}</option>
        </select>
      </label>
      {layout.kind === 'one' && (
        <label>
          {t('Name of the person')}
          <input
            value={layout.name}
            onInput={(e) => onLayout({ kind: 'one', name: e.currentTarget.value.trim() })}
          />
        </label>
      )}
    </div>
  );
}

function CommonFields(props: {
  info: FaceSetInfo;
  common: Readonly<Record<string, string>>;
  onCommon: (common: Readonly<Record<string, string>>) => void;
}) {
  const t = useText();
  const fields = Object.entries(props.info.external_fields).filter(([name]) => name !== 'file');
  if (fields.length === 0) return null;
  return (
    <fieldset>
      <legend>{t('Fields of everybody that the table says nothing of')}</legend>
      <div class="row">
        {fields.map(([name, { type }]) => (
          <label key={name}>
            {name} ({type})
            <input
              value={props.common[name] ?? ''}
              onInput={(e) => props.onCommon({ ...props.common, [name]: e.currentTarget.value })}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Sums({ candidates }: { candidates: readonly Candidate[] }) {
  const t = useText();
  const count = (test: (one: Candidate) => boolean) => candidates.filter(test).length;
  const people = new Set(candidates.map(({ planned }) => planned.id)).size;
  const added = count(({ state }) => state === 'added');
  const failed = count(({ state }) => state === 'failed');
  const sums: [string, number][] = [
    [t('people'), people],
    [t('photos'), candidates.length],
    [t('to be enrolled'), count(({ wanted, state }) => wanted && state !== 'added' && state !== 'failed')],
    [t('left out'), count(({ wanted }) => !wanted)],
    ...(added + failed > 0
      ? [[t('enrolled'), added] as [string, number], [t('failed'), failed] as [string, number]]
      : []),
  ];
  return (
    <dl class="sums">
      {sums.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value.toLocaleString()}</dd>
        </div>
      ))}
    </dl>
  );
}

function ReportButton({ info, candidates }: { info: FaceSetInfo; candidates: readonly Candidate[] }) {
  const t = useText();
  const reason = useReason();
  const finding = useFindingText();
  const save = () =>
    download(
      `${info.face_set_name}-enrolment.csv`,
      reportCsv(
        candidates.map(({ planned, checked, state, wanted, faceId, error }) => ({
          path: planned.path,
          person: planned.person,
          external_image_id: planned.id,
          result: state === 'planned' ? (wanted ? 'planned' : 'left out') : state,
          face_id: faceId ?? '',
          reason: [
            ...(checked?.findings ?? []).map(finding),
            ...(error === undefined ? [] : [reason(error)]),
          ].join('; '),
        })),
      ),
    );
  return (
    <button type="button" class="secondary" onClick={save}>
      {t('Save the report (CSV)')}
    </button>
  );
}
