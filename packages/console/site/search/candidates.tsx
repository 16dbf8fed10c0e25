import { samePersonFrom } from '@openfrs/contract/usual-thresholds';
import type { Box, FaceSetInfo, SetFace } from '../api/responses.ts';
import { PersonPortrait } from '../components/person-portrait.tsx';
import { Portrait } from '../components/portrait.tsx';
import { SimilarityBar, useMarks, useMeaning } from '../components/similarity-scale.tsx';
import { useText } from '../i18n/language.ts';
import { nameOf, ownFields } from '../people/name.ts';
import type { Searched } from './answer.ts';

/** Who a face may be, each beside it, with what the similarity means in this set; or plainly that it is nobody of the set. */
export function Candidates(props: {
  faces: readonly SetFace[];
  searched: Searched;
  /** The face that was searched with; a face of the set has none. */
  probe?: { readonly photo: File | undefined; readonly box: Box };
}) {
  const t = useText();
  const { faces, searched, probe } = props;
  const { set, filter } = searched;
  const { threshold } = searched.entry.body;
  const size = set.face_number.toLocaleString();
  const [best] = faces;
  return (
    <>
      {best ? (
        <p class="verdict good" role="status">
          <strong>{nameOf(best)}</strong>
        </p>
      ) : (
        <>
          <div class="side-by-side">{probe && <Portrait photo={probe.photo} box={probe.box} />}</div>
          <p class="verdict" role="status">
            <strong>{t('Unknown')}</strong>{' '}
            {filter === ''
              ? t('Nobody among the {} faces of {} is alike enough.', size, set.face_set_name)
              : t('Nobody of {} who passes the filter {} is alike enough.', set.face_set_name, filter)}
          </p>
        </>
      )}
      {threshold !== undefined && (
        <p class="hint">
          {t('Alike enough is a similarity of {} or more in a set of this size.', threshold.toFixed(4))}
        </p>
      )}
      <ol class="candidates">
        {faces.map((face) => (
          <Candidate key={face.face_id} face={face} set={set} probe={probe} />
        ))}
      </ol>
    </>
  );
}

function Candidate(props: {
  face: SetFace;
  set: FaceSetInfo;
  probe: { readonly photo: File | undefined; readonly box: Box } | undefined;
}) {
  const t = useText();
  const meaning = useMeaning();
  const marks = useMarks();
  const { face, set, probe } = props;
  const similarity = face.similarity ?? 0;
  const chance = face.false_match_probability;
  const fields = ownFields(face.external_fields);
  return (
    <li>
      <div class="side-by-side">
        {probe && <Portrait photo={probe.photo} box={probe.box} />}
        <PersonPortrait set={set.face_set_name} face={face} />
        <div>
          <a
            class="name"
            href={`#/people/${encodeURIComponent(`${set.face_set_name}:${face.external_image_id}`)}`}
          >
            {nameOf(face)}
          </a>
          <p class="hint">{fields.map(([name, value]) => `${name}: ${value}`).join(', ')}</p>
          <code>{face.face_id}</code>
        </div>
      </div>
      <div class="scale">
        <p class="row middle">
          <strong>{similarity.toFixed(4)}</strong> <span class="hint">{meaning(similarity, marks)}</span>
        </p>
        <SimilarityBar similarity={similarity} good={similarity >= samePersonFrom} marks={marks} />
        {chance !== undefined && <p class="hint">{risk(t, chance)}</p>}
      </div>
    </li>
  );
}

/** The risk that somebody who isn't in the set ranks first like this. */
function risk(t: ReturnType<typeof useText>, chance: number): string {
  if (chance < 1e-6) return t('Fewer than 1 in 1,000,000 strangers would rank first like this in this set.');
  if (chance > 0.5) return t('A stranger would more likely than not rank first like this in this set.');
  return t(
    '1 in {} strangers would rank first like this in this set.',
    Math.round(1 / chance).toLocaleString(),
  );
}
