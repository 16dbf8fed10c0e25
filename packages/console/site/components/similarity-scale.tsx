import { samePersonFrom } from '@openfrs/contract/usual-thresholds';
import { useEffect, useState } from 'preact/hooks';
import { type Calibration, readCalibration } from '../api/calibration.ts';
import { useText } from '../i18n/language.ts';

/** What similarities mean; empty until it is known, or where the deployment doesn't tell it. */
export function useMarks(): Calibration['marks'] {
  const [calibration, setCalibration] = useState<Calibration>();
  useEffect(() => void readCalibration().then(setCalibration, () => undefined), []);
  return calibration?.marks ?? [];
}

/** A similarity as a bar from 0 to 1, with the thresholds that let so many strangers through. */
export function SimilarityBar(props: { similarity: number; good: boolean; marks: Calibration['marks'] }) {
  return (
    <svg viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true">
      <rect class="all" width={1000} height={24} />
      <rect class={props.good ? 'value good' : 'value'} width={1000 * props.similarity} height={24} />
      {props.marks.map(({ far, similarity }) => (
        <rect key={far} class="mark" x={1000 * similarity - 1} width={2} height={24} />
      ))}
    </svg>
  );
}

/** How rare a similarity is between two strangers, by the strictest mark that it reaches. */
export function useMeaning(): (similarity: number, marks: Calibration['marks']) => string {
  const t = useText();
  return (similarity, marks) => {
    const reached = marks.filter((mark) => similarity >= mark.similarity);
    if (reached.length === 0) {
      const weakest = Math.max(0, ...marks.map(({ far }) => far));
      return weakest === 0
        ? ''
        : t('more than 1 in {} pairs of strangers are as alike', Math.round(1 / weakest).toLocaleString());
    }
    const far = Math.min(...reached.map((mark) => mark.far));
    return t(
      'at most 1 in {} pairs of strangers is as alike (FAR {})',
      Math.round(1 / far).toLocaleString(),
      far.toExponential(),
    );
  };
}

/** A comparison of two faces: the figure, the verdict, and every mark. */
export function SimilarityScale({ similarity }: { similarity: number }) {
  const t = useText();
  const marks = useMarks();
  const same = similarity >= samePersonFrom;
  return (
    <section class="card scale" aria-label={t('Similarity')}>
      <p class={same ? 'verdict good' : 'verdict'} role="status">
        <strong>{similarity.toFixed(4)}</strong> {same ? t('the same person') : t('not the same person')}
      </p>
      <SimilarityBar similarity={similarity} good={same} marks={marks} />
      <ul class="marks">
        {marks.map(({ far, similarity: at }) => (
          <li key={far} class={similarity >= at ? 'reached' : undefined}>
            {at.toFixed(3)}:{' '}
            {t('1 in {} strangers (FAR {})', Math.round(1 / far).toLocaleString(), far.toExponential())}
          </li>
        ))}
      </ul>
    </section>
  );
}
