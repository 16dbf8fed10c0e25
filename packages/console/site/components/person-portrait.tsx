import type { SetFace } from '../api/responses.ts';
import { useFacePhotos } from '../pictures/face-photos.ts';
import { Portrait } from './portrait.tsx';

/** The picture of a face of a set, if this tab has one. */
export function PersonPortrait({ set, face }: { set: string; face: SetFace }) {
  const picture = useFacePhotos().of(set, face);
  return <Portrait photo={picture?.photo} box={picture?.box} />;
}
