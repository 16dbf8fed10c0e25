import { Activity } from '../api/activity.ts';
import { type Api, createApi } from '../api/api.ts';
import type { Session } from '../api/session.ts';
import { Enrolments } from '../enrolment/enrolment-run.ts';
import { Deletions } from '../people/deletions.tsx';
import { FacePhotos } from '../pictures/face-photos.ts';
import { StoredCrops } from '../pictures/stored-crops.ts';

/** What a tab holds in memory of one user, above its pages: gone with the sign-out. */
export interface SignedInState {
  readonly api: Api;
  readonly activity: Activity;
  readonly facePhotos: FacePhotos;
  readonly deletions: Deletions;
  readonly enrolments: Enrolments;
  readonly crops: StoredCrops;
}

export function signedInState(session: Session, onSignedOut: () => void): SignedInState {
  const activity = new Activity();
  const api = createApi(session, activity, onSignedOut);
  const facePhotos = new FacePhotos();
  return {
    api,
    activity,
    facePhotos,
    deletions: new Deletions(api),
    enrolments: new Enrolments(api, facePhotos),
    crops: new StoredCrops(api),
  };
}
