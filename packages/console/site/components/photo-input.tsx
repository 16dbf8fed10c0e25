import { useCallback, useEffect, useId, useRef, useState } from 'preact/hooks';
import { useText } from '../i18n/language.ts';
import { DropZone } from './drop-zone.tsx';
import { useCamera } from './use-camera.ts';

/** A photo by file dialog, drag and drop, the clipboard or the camera. */
export function PhotoInput({ label, onPhoto }: { label: string; onPhoto: (photo: File) => void }) {
  const t = useText();
  const id = useId();
  const [camera, setCamera] = useState(false);
  const zone = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const photo = firstPhoto(event.clipboardData?.files);
      // With several inputs on a page the one that has the focus, or else the first, takes it.
      const zones = [...document.querySelectorAll('.photo-input')];
      const focused = zones.find((one) => one.contains(document.activeElement)) ?? zones[0];
      if (photo && focused === zone.current) onPhoto(photo);
    };
    addEventListener('paste', paste);
    return () => removeEventListener('paste', paste);
  }, [onPhoto]);
  const take = useCallback(
    (files: FileList | null | undefined) => {
      const photo = firstPhoto(files);
      if (photo) onPhoto(photo);
    },
    [onPhoto],
  );
  return (
    <DropZone place={zone} onFiles={take}>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="file"
        accept="image/jpeg,image/png,image/bmp"
        onChange={(event) => take(event.currentTarget.files)}
      />
      <span class="hint">{t('or drop or paste one here')}</span>
      <button type="button" class="plain" onClick={() => setCamera(!camera)}>
        {t('Camera')}
      </button>
      {camera && (
        <Camera
          onPhoto={(photo) => {
            setCamera(false);
            onPhoto(photo);
          }}
        />
      )}
    </DropZone>
  );
}

function Camera({ onPhoto }: { onPhoto: (photo: File) => void }) {
  const t = useText();
  const video = useRef<HTMLVideoElement>(null);
  const { problem } = useCamera(video);
  const shoot = () => {
    const element = video.current;
    if (!element?.videoWidth) return;
    const canvas = document.createElement('canvas');
    canvas.width = element.videoWidth;
    canvas.height = element.videoHeight;
    canvas.getContext('2d')?.drawImage(element, 0, 0);
    canvas.toBlob(
      (blob) => blob && onPhoto(new File([blob], 'camera.jpg', { type: 'image/jpeg' })),
      'image/jpeg',
      0.92,
    );
  };
  if (problem !== undefined) return <p role="alert">{problem}</p>;
  return (
    <div class="camera">
      <video ref={video} autoplay muted playsInline aria-label={t('Camera')} />
      <button type="button" onClick={shoot}>
        {t('Take the photo')}
      </button>
    </div>
  );
}

function firstPhoto(files: FileList | null | undefined): File | undefined {
  return [...(files ?? [])].find((file) => file.type.startsWith('image/'));
}
