import { useText } from '../i18n/language.ts';

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
      <svg viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true">
        <rect class="all" width={1000} height={24} />
        <rect class={same ? 'value good' : 'value'} width={1000 * props.similarity} height={24} />
        {props.marks.map(({ far, similarity }) => (
          <rect key={far} class="mark" x={1000 * similarity - 1} width={2} height={24} />
        ))}
      </svg>
      <ul class="marks">
        {props.marks.map(({ far, similarity }) => (
          <li key={far} class={props.similarity >= similarity ? 'reached' : undefined}>
            {similarity.toFixed(3)}:{' '}
            {t('1 in {} strangers (FAR {})', Math.round(1 / far).toLocaleString(), far.toExponential())}
          </li>
        ))}
      </ul>
    </section>
  );
}
