import type { FoundFace } from '../api/responses.ts';
import { useText } from '../i18n/language.ts';

/** A face's figures as a list of terms. */
export function FaceFigures({ face }: { face: FoundFace }) {
  const t = useText();
  const { width, height } = face.bounding_box;
  return (
    <dl class="figures">
      <dt>{t('Size')}</dt>
      <dd>
        {width} × {height}
      </dd>
      {Object.entries(face.attributes ?? {}).flatMap(([name, value]) => [
        <dt key={name}>{t(name.replaceAll('_', ' '))}</dt>,
        <dd key={`${name}=`}>{text(value, t)}</dd>,
      ])}
    </dl>
  );
}

function text(value: unknown, t: (english: string) => string): string {
  if (typeof value === 'number') return String(Math.round(value * 100) / 100);
  if (typeof value === 'string') return t(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${t(name.replaceAll('_', ' '))} ${text(part, t)}`)
    .join(', ');
}
