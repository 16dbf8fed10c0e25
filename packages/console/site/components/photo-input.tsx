import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useText } from '../i18n/language.ts';
import { bucketPhoto, isPicture, jpeg, type Photo } from '../photos/photo.ts';
import { DropZone } from './drop-zone.tsx';
import { FileButton } from './file-button.tsx';
import { Notice } from './notice.tsx';
import { useCamera } from './use-camera.ts';

/** Photos by file dialog, drag and drop, the clipboard, the camera, or an address in a bucket. */
export function PhotoInput(props: {
  label: string;
  multiple?: boolean;
  onPhotos: (photos: readonly (File | Photo)[]) => void;
}) {
  const t = useText();
  const [open, setOpen] = useState<'camera' | 'bucket'>();
  const [refused, setRefused] = useState(false);
  const zone = useRef<HTMLDivElement>(null);
  const { onPhotos, multiple } = props;
  const take = useCallback(
    (files: Iterable<File> | null | undefined) => {
      const all = [...(files ?? [])];
      const pictures = all.filter(isPicture);
      setRefused(all.length > 0 && pictures.length === 0);
      if (pictures.length > 0) onPhotos(multiple ? pictures : pictures.slice(0, 1));
    },
    [onPhotos, multiple],
  );
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      // With several inputs on a page the one that has the focus, or else the first, takes it.
      const zones = [...document.querySelectorAll('.photo-input')];
      const focused = zones.find((one) => one.contains(document.activeElement)) ?? zones[0];
      if (focused === zone.current) take(event.clipboardData?.files);
    };
    addEventListener('paste', paste);
    return () => removeEventListener('paste', paste);
  }, [take]);
  const turn = (to: 'camera' | 'bucket') => setOpen(open === to ? undefined : to);
  return (
    <DropZone place={zone} onFiles={take}>
      <FileButton label={props.label} choice={{ accept: 'image/*', multiple }} onFiles={take} />
      <button
        type="button"
        class="secondary"
        aria-expanded={open === 'camera'}
        onClick={() => turn('camera')}
      >
        {t('Camera')}
      </button>
      <button
        type="button"
        class="secondary"
        aria-expanded={open === 'bucket'}
        onClick={() => turn('bucket')}
      >
        {t('From a bucket')}
      </button>
      <span class="hint">
        {multiple ? t('or drop or paste them here: as many as you like') : t('or drop or paste one here')}
      </span>
      {refused && <Notice kind="warn">{t('These files are no pictures.')}</Notice>}
      {open === 'camera' && (
        <Camera
          onPhoto={(photo) => {
            setOpen(undefined);
            onPhotos([photo]);
          }}
        />
      )}
      {open === 'bucket' && <BucketAddress onAddress={(address) => onPhotos([bucketPhoto(address)])} />}
    </DropZone>
  );
}

/** The service reads it itself: no page may fetch from another host. */
function BucketAddress({ onAddress }: { onAddress: (address: string) => void }) {
  const t = useText();
  const [address, setAddress] = useState('');
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        onAddress(address);
      }}
    >
      <label>
        {t('Address of the photo (image_url)')}
        <input
          class="code"
          required
          pattern="(/|https://).+"
          placeholder="/bucket/folder/photo.jpg"
          value={address}
          onInput={(event) => setAddress(event.currentTarget.value.trim())}
        />
      </label>
      <button type="submit">{t('Use it')}</button>
      <p class="hint">
        {t(
          'Of a bucket that the project is authorised for. The service reads it; this page can not show it.',
        )}
      </p>
    </form>
  );
}

function Camera({ onPhoto }: { onPhoto: (photo: File) => void }) {
  const t = useText();
  const video = useRef<HTMLVideoElement>(null);
  const { problem } = useCamera(video);
  const shoot = async () => {
    const element = video.current;
    if (!element?.videoWidth) return;
    const canvas = document.createElement('canvas');
    canvas.width = element.videoWidth;
    canvas.height = element.videoHeight;
    canvas.getContext('2d')?.drawImage(element, 0, 0);
    const blob = await jpeg(canvas, 0.92);
    if (blob) onPhoto(new File([blob], 'camera.jpg', { type: 'image/jpeg' }));
  };
  if (problem !== undefined) return <Notice kind="bad">{problem}</Notice>;
  return (
    <div class="camera">
      <video ref={video} class="mirrored" autoplay muted playsInline aria-label={t('Camera')} />
      <button type="button" onClick={() => void shoot()}>
        {t('Take the photo')}
      </button>
    </div>
  );
}
