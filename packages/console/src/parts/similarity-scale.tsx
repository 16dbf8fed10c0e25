import { useText } from '../data/language.ts';

/** A similarity between 0 and 1, with the thresholds that let so many strangers through. */
export function SimilarityScale(props: {
  similarity: number;
  marks: readonly { readonly far: number; readonly similarity: number }[];
}) {
  const t = useText();
  const same = props.similarity >= 0.93;
  return (
    <section class="scale" aria-label={t('Similarity')}>
      <p class={same ? 'verdict good' : 'verdict'}>
        <strong>{props.similarity.toFixed(4)}</strong>{' '}
        {same ? t('the same person') : t('not the same person')}
      </p>
      <meter
        aria-label={t('Similarity')}
        min={0}
        max={1}
        low={0.86}
        high={0.93}
        optimum={1}
        value={props.similarity}
      />
      <ul class="marks">
        {props.marks.map(({ far, similarity }) => (
          <li key={far}>
            {similarity.toFixed(3)}: {t('1 in {} strangers', Math.round(1 / far).toLocaleString())}
          </li>
        ))}
      </ul>
    </section>
  );
}
