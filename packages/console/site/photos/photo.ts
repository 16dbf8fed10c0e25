import { acceptedTypes, mostBytes, type Size, sizeToSend } from './size.ts';

/** A photo as it is sent: a file, or the address of an object in a bucket (`/bucket/key`). */
export interface Photo {
  readonly name: string;
  readonly file?: File;
  readonly address?: string;
  /** The file was made smaller before it was sent. */
  readonly resized?: { readonly from: Size; readonly to: Size };
}

export const bucketPhoto = (address: string): Photo => ({ name: address, address });

/** Its field of a form; `image` is `image_file` or `image_url`. */
export function photoFields(field: string, { file, address }: Photo): Record<string, string | File> {
  return file ? { [`${field}_file`]: file } : { [`${field}_url`]: address ?? '' };
}

const qualities = [0.92, 0.85, 0.7, 0.5];

/**
 * Makes a file ready to be sent: what is larger than the service takes, or of a kind that it doesn't read (WebP, AVIF …), becomes
 * an upright JPEG within its limits. What the browser can't read stays as it is: the service says what is wrong with it.
 */
export async function preparePhoto(file: File): Promise<Photo> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return { name: file.name, file };
  try {
    const from = { width: bitmap.width, height: bitmap.height };
    const to = sizeToSend(from);
    if (to.scale === 1 && file.size <= mostBytes && acceptedTypes.includes(file.type)) {
      return { name: file.name, file };
    }
    const canvas = drawn(bitmap, to);
    for (const quality of qualities) {
      const blob = await jpeg(canvas, quality);
      if (blob && blob.size <= mostBytes) {
        const name = `${file.name.replace(/\.[^.]*$/, '')}.jpg`;
        const made = new File([blob], name, { type: 'image/jpeg' });
        return { name: file.name, file: made, ...(to.scale < 1 && { resized: { from, to } }) };
      }
    }
    return { name: file.name, file };
  } finally {
    bitmap.close();
  }
}

function drawn(bitmap: ImageBitmap, { width, height }: Size): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context) {
    context.imageSmoothingQuality = 'high';
    // JPEG has no transparency.
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
  }
  return canvas;
}

export const jpeg = (canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> =>
  new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));

/** Files that may be pictures, by their type or, where the system tells none, by their name. */
export const isPicture = (file: File): boolean =>
  file.type.startsWith('image/') ||
  (file.type === '' && /\.(jpe?g|png|bmp|webp|avif|heic|heif)$/i.test(file.name));
