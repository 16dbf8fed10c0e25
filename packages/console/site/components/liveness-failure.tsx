import { ApiError } from '../api/api.ts';
import { useText } from '../i18n/language.ts';
import { Failure } from './notice.tsx';

/** Why there is no verdict, and what to do about it. @param onAgain sends the same recording once more, where that may help */
export function LivenessFailure({ error, onAgain }: { error: unknown; onAgain?: () => void }) {
  const advice = useAdvice();
  if (error === undefined) return null;
  const isUnanswered = error instanceof TypeError;
  const text = advice(error);
  return (
    <>
      <Failure error={error} onRetry={isUnanswered ? onAgain : undefined} />
      {text !== undefined && <p>{text}</p>}
    </>
  );
}

function useAdvice(): (error: unknown) => string | undefined {
  const t = useText();
  return (error) => {
    if (error instanceof TypeError) return t('Is there a connection? The recording is kept meanwhile.');
    if (!(error instanceof ApiError)) return undefined;
    switch (error.code) {
      case 'FRS.0012':
        return t('Record again: a challenge is good for one recording, and for a short time.');
      case 'FRS.0019':
      case 'FRS.0020':
      case 'FRS.0202':
        return t('The operator subscribes the project: npx openfrs subscription add.');
      case 'FRS.0017':
      case 'FRS.0706':
        return t('Choose a video of 1 to 15 seconds and at most 8 MB, or record one here.');
      case 'FRS.0016':
      case 'FRS.0701':
      case 'FRS.0751':
        return t('Record again. A file must be a whole video: MP4, WebM, AVI, FLV, WMV, MKV or MOV.');
      case 'FRS.0033':
        return t('Many ask at once: wait a few seconds, then record again.');
      case 'FRS.0703':
        return t('Give each action a time of its own, within the video, or none at all.');
      default:
        return undefined;
    }
  };
}
