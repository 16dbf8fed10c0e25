import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { SetFace } from '../api/responses.ts';
import { CodeOfCall } from '../codes/code-of-call.tsx';
import { FilterBuilder } from '../components/filter-builder.tsx';
import { Busy, Empty, Failure } from '../components/notice.tsx';
import { useAsync } from '../components/use-async.ts';
import { useText } from '../i18n/language.ts';
import { PictureSource } from '../pictures/picture-source.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { type Deletion, useDeletions } from './deletions.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { arranged, exactFilter, matches, type Order, peopleOf } from './group.ts';
import { facesMatching, listRequest, mostFound } from './lookup.ts';
import { PersonTile } from './person-tile.tsx';
import { lastListed, useFaces } from './use-faces.ts';

const pageSize = 48;
/** So long after the last letter the service is asked for what isn't loaded. */
const typingMs = 300;

/** A set as a grid of people. */
export function SetPeople({ set }: { set: string }) {
  const t = useText();
  const api = useApi();
  const loaded = useFaces(set);
  const [text, setText] = useState('');
  const [filter, setFilter] = useState('');
  const [order, setOrder] = useState<Order>({ by: 'added', down: false });
  const [page, setPage] = useState(0);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState(false);
  const filtered = useAsync(useCallback((asked: string) => facesMatching(api, set, asked), [api, set]));
  const exact = useAsync(useCallback((asked: string) => facesMatching(api, set, asked), [api, set]));
  const { info } = loaded;
  const deletions = useDeletions(
    useCallback(
      (done: Deletion) => {
        if (done.set !== set) return;
        setChosen(new Set());
        loaded.reload();
        if (filter !== '') void filtered.start(filter);
      },
      [set, filter],
    ),
  );
  // What isn't loaded the service is asked for, by whole values.
  useEffect(() => {
    const asked = info && !loaded.complete ? exactFilter(text, info.external_fields) : undefined;
    if (asked === undefined) return exact.clear();
    const timer = setTimeout(() => void exact.start(asked), typingMs);
    return () => clearTimeout(timer);
  }, [text, loaded.complete, info?.face_set_id]);
  useEffect(() => setPage(0), [text, filter, order]);

  const source = filter === '' ? loaded.faces : (filtered.result ?? []);
  const people = useMemo(() => {
    const shown = peopleOf(source).filter((person) => matches(person, text));
    const known = new Set(shown.map(({ id }) => id));
    const more = filter === '' ? peopleOf(exact.result ?? []).filter(({ id }) => !known.has(id)) : [];
    return arranged([...shown, ...more], order);
  }, [source, text, exact.result, order]).filter(({ id }) => !deletions.hides(set, 'external_image_id', id));
  const from = page * pageSize;
  const onPage = people.slice(from, from + pageSize);
  const selected = people.filter(({ id }) => chosen.has(id));
  const busy = filter === '' ? loaded.busy : filtered.busy;
  const toggle = (id: string, on: boolean) =>
    setChosen((before) => new Set(on ? [...before, id] : [...before].filter((one) => one !== id)));
  const take = (changed: readonly SetFace[]) => {
    const byId = new Map(changed.map((face) => [face.face_id, face]));
    loaded.change((faces) => faces.map((face) => byId.get(face.face_id) ?? face));
    if (filter !== '') void filtered.start(filter);
    setEditing(false);
    setChosen(new Set());
  };
  return (
    <>
      <PageHead
        title={set}
        lead={
          info
            ? t('{} of {} faces', info.face_number.toLocaleString(), info.face_set_capacity.toLocaleString())
            : undefined
        }
      >
        <a class="button" href={`#/enrol/${encodeURIComponent(set)}`}>
          {t('Enrol people')}
        </a>
        <a class="button secondary" href={`#/search/${encodeURIComponent(set)}`}>
          {t('Search')}
        </a>
      </PageHead>
      <div class="stack">
        <p class="hint">
          <a href="#/people">{t('All face sets')}</a>
        </p>
        <Failure error={loaded.error ?? filtered.error ?? exact.error} onRetry={loaded.reload} />
        {!info && loaded.busy && <Busy label={t('Reading the people')} />}
        {info && info.face_number === 0 && loaded.faces.length === 0 && !loaded.busy && (
          <Empty title={t('Nobody is in this set yet.')}>
            <a class="button" href={`#/enrol/${encodeURIComponent(set)}`}>
              {t('Enrol people')}
            </a>
          </Empty>
        )}
        {info && (loaded.faces.length > 0 || filter !== '') && (
          <>
            <div class="row">
              <label>
                {t('Find by name, id or value')}
                <input type="search" value={text} onInput={(e) => setText(e.currentTarget.value)} />
              </label>
              <OrderChoice fields={Object.keys(info.external_fields)} onOrder={setOrder} />
            </div>
            <details>
              <summary>
                {t('Filter by fields')}
                {filter !== '' && `: ${filter}`}
              </summary>
              <FilterBuilder
                fields={info.external_fields}
                filter={filter}
                onFilter={(next) => {
                  setFilter(next);
                  if (next !== '') void filtered.start(next);
                }}
              />
            </details>
            <PictureSource set={set} />
            <div class="row middle bar">
              <label class="check">
                <input
                  type="checkbox"
                  checked={onPage.length > 0 && onPage.every(({ id }) => chosen.has(id))}
                  onChange={({ currentTarget: { checked } }) =>
                    setChosen((before) => {
                      const ids = onPage.map(({ id }) => id);
                      return new Set(
                        checked ? [...before, ...ids] : [...before].filter((id) => !ids.includes(id)),
                      );
                    })
                  }
                />
                {t('All on this page')}
              </label>
              <span role="status">
                {busy ? t('Reading the people') : t('People: {}', people.length.toLocaleString())}
                {selected.length > 0 && ` · ${t('chosen: {}', selected.length)}`}
              </span>
              {selected.length > 0 && (
                <>
                  <button type="button" class="secondary" onClick={() => setEditing(true)}>
                    {t('Edit')}
                  </button>
                  <button
                    type="button"
                    class="danger"
                    onClick={() => {
                      deletions.ask({
                        set,
                        field: 'external_image_id',
                        items: selected.map(({ id, name }) => ({ value: id, name })),
                      });
                      setChosen(new Set());
                    }}
                  >
                    {t('Delete')}
                  </button>
                </>
              )}
            </div>
            {busy && people.length === 0 && <Busy label={t('Reading the people')} />}
            <ul class="people">
              {onPage.map((person) => (
                <PersonTile
                  key={person.id}
                  set={set}
                  person={person}
                  chosen={chosen.has(person.id)}
                  onChoose={(on) => toggle(person.id, on)}
                />
              ))}
            </ul>
            {!busy && people.length === 0 && <Empty title={t('Nobody matches.')} />}
            <Pages from={from} shown={onPage.length} of={people.length} onPage={setPage} page={page} />
            {filter === '' ? (
              <HowMuch
                loaded={loaded.faces.length}
                all={info.face_number}
                hasMore={loaded.hasMore}
                busy={loaded.busy}
                onMore={loaded.more}
              />
            ) : (
              source.length >= mostFound && (
                <p class="hint">
                  {t('These are the first {} faces that match: narrow the filter.', mostFound)}
                </p>
              )
            )}
          </>
        )}
      </div>
      {editing && info && selected.length > 0 && (
        <EditDialog info={info} people={selected} onDone={take} onClose={() => setEditing(false)} />
      )}
      <CodeOfCall request={listRequest(set, 0, 100)} />
    </>
  );
}

function OrderChoice({ fields, onOrder }: { fields: readonly string[]; onOrder: (order: Order) => void }) {
  const t = useText();
  const [by, setBy] = useState('added');
  const [down, setDown] = useState(false);
  const tell = (next: string, nextDown: boolean) => {
    setBy(next);
    setDown(nextDown);
    onOrder(
      next === 'added' || next === 'name' || next === 'faces'
        ? { by: next, down: nextDown }
        : { by: 'field', field: next.slice('field '.length), down: nextDown },
    );
  };
  return (
    <>
      <label>
        {t('Sort by')}
        <select value={by} onChange={(e) => tell(e.currentTarget.value, down)}>
          <option value="added">{t('time of adding')}</option>
          <option value="name">{t('name')}</option>
          <option value="faces">{t('number of photos')}</option>
          {fields.map((field) => (
            <option key={field} value={`field ${field}`}>
              {field}
            </option>
          ))}
        </select>
      </label>
      <button type="button" class="secondary" onClick={() => tell(by, !down)}>
        {down ? t('Descending') : t('Ascending')}
      </button>
    </>
  );
}

function Pages(props: {
  from: number;
  shown: number;
  of: number;
  page: number;
  onPage: (page: number) => void;
}) {
  const t = useText();
  const { from, shown, of, page } = props;
  if (of <= pageSize) return null;
  return (
    <nav class="row" aria-label={t('Rows')}>
      <button type="button" class="secondary" disabled={page === 0} onClick={() => props.onPage(page - 1)}>
        {t('Earlier')}
      </button>
      <span>{t('{} to {} of {}', from + 1, from + shown, of.toLocaleString())}</span>
      <button
        type="button"
        class="secondary"
        disabled={from + pageSize >= of}
        onClick={() => props.onPage(page + 1)}
      >
        {t('Later')}
      </button>
    </nav>
  );
}

/** How much of the set is here, and how the rest is reached. */
function HowMuch(props: {
  loaded: number;
  all: number;
  hasMore: boolean;
  busy: boolean;
  onMore: () => void;
}) {
  const t = useText();
  const { loaded, all } = props;
  if (loaded >= all && !props.hasMore) return null;
  return (
    <p class="row hint">
      {t(
        '{} of {} faces are loaded. Names, ids and values that you type whole, and filters, are looked up among all.',
        loaded.toLocaleString(),
        all.toLocaleString(),
      )}
      {props.hasMore && (
        <button type="button" class="secondary" disabled={props.busy} onClick={props.onMore}>
          {t('Load more')}
        </button>
      )}
      {!props.hasMore && loaded >= lastListed && (
        <span>{t('The service lists no more than the first {}.', lastListed.toLocaleString())}</span>
      )}
    </p>
  );
}
