import { samePersonFrom } from '@openfrs/contract/usual-thresholds';
import type { FaceSetInfo } from '../api/responses.ts';
import { FilterBuilder } from '../components/filter-builder.tsx';
import { useText } from '../i18n/language.ts';
import type { Options } from './request.ts';

/** Shares of strangers' searches that may find anybody. */
const shares = [0.1, 0.01, 0.001];

/** Where to search and how sure to be. */
export function SearchOptions(props: {
  sets: readonly FaceSetInfo[];
  info: FaceSetInfo;
  options: Options;
  busy: boolean;
  onSet: (name: string) => void;
  onOptions: (options: Options) => void;
  onAgain?: () => void;
}) {
  const t = useText();
  const { options, info } = props;
  const change = (part: Partial<Options>) => props.onOptions({ ...options, ...part });
  const { least } = options;
  return (
    <section class="card" aria-label={t('Where and how to search')}>
      <div class="row">
        <label>
          {t('Face set')}
          <select value={info.face_set_name} onChange={(e) => props.onSet(e.currentTarget.value)}>
            {props.sets.map((set) => (
              <option key={set.face_set_id} value={set.face_set_name}>
                {set.face_set_name} ({set.face_number.toLocaleString()})
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('How sure')}
          <select
            value={least.kind === 'risk' ? String(least.share) : 'similarity'}
            onChange={({ currentTarget: { value } }) =>
              change({
                least:
                  value === 'similarity'
                    ? { kind: 'similarity', value: samePersonFrom }
                    : { kind: 'risk', share: Number(value) },
              })
            }
          >
            {shares.map((share) => (
              <option key={share} value={String(share)}>
                {t('1 stranger in {} finds anybody', Math.round(1 / share))}
              </option>
            ))}
            <option value="similarity">{t('a similarity of my choice')}</option>
          </select>
        </label>
        {least.kind === 'similarity' && (
          <label>
            {t('Least similarity')}
            <input
              type="number"
              min={0}
              max={1}
              step="any"
              value={least.value}
              onInput={({ currentTarget: { valueAsNumber: value } }) =>
                Number.isNaN(value) || change({ least: { kind: 'similarity', value } })
              }
            />
          </label>
        )}
        <label>
          {t('Results of each face')}
          <input
            type="number"
            min={1}
            max={30}
            value={options.topN}
            onInput={({ currentTarget: { valueAsNumber: topN } }) => Number.isNaN(topN) || change({ topN })}
          />
        </label>
        {props.onAgain && (
          <button type="button" disabled={props.busy} onClick={props.onAgain}>
            {t('Search again')}
          </button>
        )}
      </div>
      <details>
        <summary>
          {t('More options')}
          {options.filter !== '' && `: ${options.filter}`}
        </summary>
        <div class="stack">
          <label class="check">
            <input
              type="checkbox"
              checked={options.people}
              onChange={(e) => change({ people: e.currentTarget.checked })}
            />
            {t('One result a person (all photos of an image id together)')}
          </label>
          <FilterBuilder
            key={info.face_set_id}
            fields={info.external_fields}
            filter={options.filter}
            onFilter={(filter) => change({ filter })}
          />
        </div>
      </details>
    </section>
  );
}
