import { useState } from 'preact/hooks';
import { useReason } from '../components/notice.tsx';
import { Portrait } from '../components/portrait.tsx';
import { useText } from '../i18n/language.ts';
import { findingsOfPlan, severity } from './check.ts';
import type { Candidate } from './enrolment-run.ts';
import { useFindingText } from './finding-text.ts';

/** As many as are looked at; the report has all. */
const mostShown = 120;

const findingsOf = ({ checked, planned }: Candidate) => checked?.findings ?? findingsOfPlan(planned);

const hasTrouble = (candidate: Candidate): boolean =>
  candidate.error !== undefined || findingsOf(candidate).some((one) => severity(one) !== 'note');

/** The photos, each with what the check has found and what came of it. */
export function CandidateList(props: {
  candidates: readonly Candidate[];
  isRunning: boolean;
  onChoose: (number: number, wanted: boolean) => void;
}) {
  const t = useText();
  const [onlyTrouble, setOnlyTrouble] = useState(false);
  const { candidates } = props;
  if (candidates.length === 0) return null;
  const wanted = onlyTrouble ? candidates.filter(hasTrouble) : candidates;
  return (
    <section class="stack" aria-label={t('Photos')}>
      <label class="check">
        <input
          type="checkbox"
          checked={onlyTrouble}
          onChange={(e) => setOnlyTrouble(e.currentTarget.checked)}
        />
        {t('Only photos that something was found about ({})', candidates.filter(hasTrouble).length)}
      </label>
      <ul class="photos-to-add">
        {wanted.slice(0, mostShown).map((candidate) => (
          <Item
            key={candidate.planned.number}
            candidate={candidate}
            isRunning={props.isRunning}
            onChoose={(on) => props.onChoose(candidate.planned.number, on)}
          />
        ))}
      </ul>
      {wanted.length > mostShown && (
        <p class="hint">{t('{} more: the report has all of them.', wanted.length - mostShown)}</p>
      )}
    </section>
  );
}

function Item(props: { candidate: Candidate; isRunning: boolean; onChoose: (on: boolean) => void }) {
  const t = useText();
  const finding = useFindingText();
  const reason = useReason();
  const { planned, checked, state, wanted, error, faceId } = props.candidate;
  const findings = findingsOf(props.candidate);
  const isWrong = findings.some((one) => severity(one) === 'wrong');
  const kind =
    state === 'added'
      ? 'good'
      : state === 'failed' || isWrong
        ? 'bad'
        : findings.some((one) => severity(one) === 'doubtful')
          ? 'warn'
          : checked
            ? 'good'
            : '';
  const words = findings.map(finding);
  return (
    <li class={kind}>
      <Portrait photo={planned.file} box={checked?.box} />
      <strong>{planned.person}</strong>
      <span class="hint">{planned.path}</span>
      {state === 'added' && <span>{t('enrolled as {}', faceId ?? '')}</span>}
      {state === 'working' && <span>{t('Working')} …</span>}
      {error !== undefined && <span>{reason(error)}</span>}
      {state === 'planned' && words.map((text) => <span key={text}>{text}</span>)}
      {state === 'planned' && checked && findings.length === 0 && <span>{t('good')}</span>}
      {state !== 'added' && !props.isRunning && (
        <label class="check">
          <input type="checkbox" checked={wanted} onChange={(e) => props.onChoose(e.currentTarget.checked)} />
          {t('enrol')}
        </label>
      )}
    </li>
  );
}
