import { useText } from '../i18n/language.ts';
import type { Photo } from '../photos/photo.ts';

/** That a photo was made smaller before it was sent: its boxes are of the smaller one. */
export function ResizedNote({ photo }: { photo: Photo | undefined }) {
  const t = useText();
  if (!photo?.resized) return null;
  const { from, to } = photo.resized;
  return (
    <p class="hint">
      {t(
        'Made smaller here before it was sent: {} × {} to {} × {}.',
        from.width,
        from.height,
        to.width,
        to.height,
      )}
    </p>
  );
}
