import { PersonPage } from '../people/person-page.tsx';
import { SetList } from '../people/set-list.tsx';
import { SetPeople } from '../people/set-people.tsx';

/** `#/people`: all sets; `#/people/<set>`: the people of one; `#/people/<set>:<external_image_id>`: one of them. */
export function People({ argument }: { argument: string }) {
  const [set = '', id] = argument.split(':');
  if (set === '') return <SetList />;
  return id === undefined ? <SetPeople set={set} /> : <PersonPage set={set} id={id} />;
}
