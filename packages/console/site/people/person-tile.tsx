import { PersonPortrait } from '../components/person-portrait.tsx';
import { useText } from '../i18n/language.ts';
import type { Person } from './group.ts';
import { ownFields } from './name.ts';

/** A person of the grid: a picture if there is one, the name, and how many photos are enrolled. */
export function PersonTile(props: {
  set: string;
  person: Person;
  chosen: boolean;
  onChoose: (on: boolean) => void;
}) {
  const t = useText();
  const { person, chosen } = props;
  const fields = ownFields(person.faces[0].external_fields);
  return (
    <li class={chosen ? 'person chosen' : 'person'}>
      <PersonPortrait set={props.set} face={person.faces[0]} />
      <a href={`#/people/${encodeURIComponent(`${props.set}:${person.id}`)}`}>
        <strong>{person.name}</strong>
      </a>
      <span class="hint">{t('photos: {}', person.faces.length)}</span>
      {fields.length > 0 && (
        <span class="hint">{fields.map(([name, value]) => `${name}: ${value}`).join(', ')}</span>
      )}
      <label class="check">
        <input type="checkbox" checked={chosen} onChange={(e) => props.onChoose(e.currentTarget.checked)} />
        <span class="unseen">{t('Choose {}', person.name)}</span>
      </label>
    </li>
  );
}
