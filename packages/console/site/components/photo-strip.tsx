import { useText } from '../i18n/language.ts';
import { useObjectUrl } from '../photos/use-object-url.ts';
import type { PhotoQueue, QueuedPhoto } from '../photos/use-photo-queue.ts';

/** The photos in hand as a row of thumbnails, each with what has come of it; one of them is shown in large. */
export function PhotoStrip<Result>(props: {
  queue: PhotoQueue<Result>;
  /** A word or figure of a result. */
  mark: (result: Result) => string;
}) {
  const t = useText();
  const { items, selected, select, clear } = props.queue;
  const through = items.filter(({ state }) => state === 'done' || state === 'failed').length;
  if (items.length < 2) return null;
  return (
    <section aria-label={t('Photos')}>
      <p class="row middle hint" role="status">
        {t('{} of {} photos', through, items.length)}
        <button type="button" class="secondary" onClick={clear}>
          {t('Remove all')}
        </button>
      </p>
      <ul class="strip">
        {items.map((item) => (
          <li key={item.id}>
            <Thumbnail
              item={item}
              mark={item.state === 'done' && item.result !== undefined ? props.mark(item.result) : undefined}
              chosen={item === selected}
              onChoose={() => select(item.id)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Thumbnail(props: {
  item: QueuedPhoto<unknown>;
  mark: string | undefined;
  chosen: boolean;
  onChoose: () => void;
}) {
  const { item, mark } = props;
  const url = useObjectUrl(item.chosen);
  return (
    <button type="button" aria-pressed={props.chosen} title={item.name} onClick={props.onChoose}>
      {url ? <img src={url} alt={item.name} loading="lazy" /> : <span>{item.name.slice(-12)}</span>}
      {mark !== undefined && <span class="mark">{mark}</span>}
      {item.state === 'failed' && <span class="mark bad">!</span>}
      {(item.state === 'waiting' || item.state === 'working') && <span class="mark">…</span>}
    </button>
  );
}
