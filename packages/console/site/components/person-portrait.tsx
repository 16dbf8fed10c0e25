import type { SetFace } from '../api/responses.ts';
import { useFacePhotos } from '../pictures/face-photos.ts';
import { useStoredCrop } from '../pictures/stored-crops.ts';
import { Portrait } from './portrait.tsx';

/** The picture of a face of a set: of a photo that this tab has, else the crop that the service keeps, if it does. */
export function PersonPortrait({ set, face }: { set: string; face: SetFace }) {
  const picture = useFacePhotos().of(set, face);
  const crop = useStoredCrop(set, face.face_id, picture === undefined);
  return <Portrait photo={picture?.photo ?? crop} box={picture?.box} />;
}
