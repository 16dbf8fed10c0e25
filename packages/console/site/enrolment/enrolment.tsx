import { useCallback, useMemo } from 'preact/hooks';
import type { FaceSetInfo } from '../api/responses.ts';
import { DropZone } from '../components/drop-zone.tsx';
import { FileButton } from '../components/file-button.tsx';
import { Busy, Failure, Notice, useReason } from '../components/notice.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { ownFields } from '../people/name.ts';
import type { PathFile } from '../pictures/face-photos.ts';
import { choosesFolder, filesOfDrop, filesOfInput } from '../pictures/folder.ts';
import { CandidateList } from './candidate-list.tsx';
import { findingsOfPlan } from './check.ts';
import { EnrolmentProgress } from './enrolment-progress.tsx';
import { type Candidate, useEnrolment } from './enrolment-run.ts';
import { useFindingText } from './finding-text.ts';
import { type Layout, unusedRows } from './plan.ts';
import { download, reportCsv } from './report.ts';
import { stepOf } from './step-of.ts';

/** From a folder to people in a set: choose, check without writing, enrol, and what came of it. */
export function Enrolment({ info }: { info: FaceSetInfo }) {
  const t = useText();
  const reason = useReason();
  const run = useEnrolment(info);
  const { source, layout, common, strict, candidates, progress, isReading } = run.state;
  const reading = useAsync(useCallback((files: readonly PathFile[]) => run.addFiles(files), [run]));
  const unused = useMemo(
    () =>
      unusedRows(
        source?.table,
        candidates.map(({ planned }) => planned),
      ),
    [source, candidates],
  );
  const checked = candidates.filter((one) => one.checked).length;
  const wanted = candidates.filter(({ wanted, state }) => wanted && state !== 'added').length;
  const through = candidates.filter(({ state }) => state === 'added' || state === 'failed').length;
  const isChecked = candidates.length > 0 && checked === candidates.length;
  const step = stepOf(progress?.what, { through, isChecked, photos: candidates.length });
  const steps = [t('Choose the photos'), t('Check them'), t('Enrol'), t('Report')];
  const isRunning = progress !== undefined;
  const losing = candidates.filter(({ planned }) => planned.losesName).length;
  return (
    <div class="stack">
      <ol class="steps">
        {steps.map((name, index) => (
          <li key={name} aria-current={index === step ? 'step' : undefined}>
            {name}
          </li>
        ))}
      </ol>
      {!isRunning && through === 0 && <SourceInput onFiles={(files) => void reading.start(files)} />}
      {reading.busy && <Busy label={t('Reading the files')} />}
      <Failure error={reading.error} />
      {source && (
        <section class="card" aria-label={t('What would be enrolled')}>
          <Sums candidates={candidates} />
          {source.others > 0 && (
            <p class="hint">{t('Left out, neither pictures nor tables: {}', source.others)}</p>
          )}
          {source.unread.map(({ path, error }) => (
            <Notice key={path} kind="warn">
              {t('The table {} can not be read: {}', path, reason(error))}
            </Notice>
          ))}
          {losing > 0 && (
            <Notice kind="warn">
              {t('Photos whose names the set can not keep: {}. Their people are shown by a hash.', losing)}
            </Notice>
          )}
          {unused.length > 0 && (
            <Notice kind="warn">
              {t('Rows of the table without photos: {}', unused.slice(0, 10).join(', '))}
            </Notice>
          )}
          {through === 0 && !isRunning && (
            <>
              <LayoutChoice layout={layout} onLayout={(next) => run.arrange({ layout: next })} />
              <CommonFields info={info} common={common} onCommon={(next) => run.arrange({ common: next })} />
              <label class="check">
                <input
                  type="checkbox"
                  checked={strict}
                  onChange={(e) => run.beStrict(e.currentTarget.checked)}
                />
                {t('Refuse photos that hold too little of a person')}
              </label>
            </>
          )}
          {progress ? (
            <EnrolmentProgress
              progress={progress}
              onPause={() => run.pause()}
              onResume={() => run.resume()}
              onStop={() => run.end()}
            />
          ) : (
            <div class="row">
              {!isChecked && through === 0 && (
                <button
                  type="button"
                  disabled={candidates.length === 0 || isReading}
                  onClick={() => void run.check()}
                >
                  {t('Check {} photos, write nothing', candidates.length - checked)}
                </button>
              )}
              {(through === 0 || wanted > 0) && (
                <button
                  type="button"
                  class={isChecked || through > 0 ? '' : 'secondary'}
                  disabled={wanted === 0 || isReading}
                  onClick={() => void run.enrol()}
                >
                  {t('Enrol {} photos', wanted)}
                </button>
              )}
              {(through > 0 || isChecked) && <ReportButton info={info} candidates={candidates} />}
              {through > 0 && (
                <a class="button secondary" href={`#/people/${encodeURIComponent(info.face_set_name)}`}>
                  {t('See the people')}
                </a>
              )}
              <button type="button" class="secondary" disabled={isReading} onClick={() => run.clear()}>
                {t('Remove all')}
              </button>
            </div>
          )}
        </section>
      )}
      <CandidateList
        candidates={candidates}
        onChoose={(number, on) => run.choose(number, on)}
        isRunning={isRunning}
      />
    </div>
  );
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
            onLayout(
              value === 'one'
                ? { kind: 'one', name: 'person' }
                : { kind: value as 'folder' | 'outermost' | 'file' },
            )
          }
        >
          <option value="folder">{t('whom the folder is named after that holds it')}</option>
          <option value="outermost">{t('whom the outermost folder is named after')}</option>
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
  const fields = ownFields(props.info.external_fields);
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
  const save = async () =>
    download(
      `${info.face_set_name}-enrolment.csv`,
      await reportCsv(
        candidates.map(({ planned, checked, state, wanted, faceId, error }) => ({
          path: planned.path,
          person: planned.person,
          external_image_id: planned.id,
          result: state === 'planned' ? (wanted ? 'planned' : 'left out') : state,
          face_id: faceId ?? '',
          reason: [
            ...(checked?.findings ?? findingsOfPlan(planned)).map(finding),
            ...(error === undefined ? [] : [reason(error)]),
          ].join('; '),
        })),
      ),
    );
  return (
    <button type="button" class="secondary" onClick={() => void save()}>
      {t('Save the report (CSV)')}
    </button>
  );
}
