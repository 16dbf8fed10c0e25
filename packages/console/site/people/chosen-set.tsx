import type { FaceSetInfo } from '../api/responses.ts';
import { Empty } from '../components/notice.tsx';
import { useText } from '../i18n/language.ts';

/** The set of a name; the first where none is named. Undefined where there is no such set: no other is taken in its place. */
export function chosenSet(sets: readonly FaceSetInfo[], name: string): FaceSetInfo | undefined {
  return name === '' ? sets[0] : sets.find((set) => set.face_set_name === name);
}

/** Says that an address names a set that isn't there, with the ways to those that are. */
export function UnknownSet(props: { name: string; page: 'enrol' | 'search'; sets: readonly FaceSetInfo[] }) {
  const t = useText();
  return (
    <Empty title={t('There is no face set {}.', props.name)}>
      <p class="row">
        {props.sets.map(({ face_set_id, face_set_name }) => (
          <a
            key={face_set_id}
            class="button secondary"
            href={`#/${props.page}/${encodeURIComponent(face_set_name)}`}
          >
            {face_set_name}
          </a>
        ))}
      </p>
    </Empty>
  );
}
