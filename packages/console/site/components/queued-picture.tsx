import type { ComponentProps } from 'preact';
import type { QueuedPhoto } from '../photos/use-photo-queue.ts';
import { FacesPicture } from './faces-picture.tsx';
import { ResizedNote } from './resized-note.tsx';

/** A photo of the queue with its faces on it; of one that can't be drawn (HEIC, an address) its name. */
export function QueuedPicture({
  item,
  ...faces
}: { item: QueuedPhoto<unknown> } & Omit<ComponentProps<typeof FacesPicture>, 'photo'>) {
  return (
    <>
      {item.photo?.file ? (
        <FacesPicture key={item.id} photo={item.photo.file} {...faces} />
      ) : (
        <p class="hint">{item.name}</p>
      )}
      <ResizedNote photo={item.photo} />
    </>
  );
}
