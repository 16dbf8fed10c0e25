import { FrsError, type Media } from '@openfrs/contract';
import { decodeBase64, maxMediaBytes } from '@openfrs/core';
import type { MemoryReservation } from './admission/memory-budget.ts';
import { BodyBuffer } from './body-buffer.ts';

/**
 * Parameters in the smallest form in which they can wait for their turn: pictures and videos in Base64 are decoded, into memory that is
 * freed and counted with the reservation. A text that will be refused stays as it is, and is refused where its turn is in the order of
 * checks.
 * @param known what was decoded already, by the text that stands for it
 */
export function holdMedia<Parameters>(
  parameters: Parameters,
  reservation: MemoryReservation,
  known?: ReadonlyMap<string, Media>,
): Parameters {
  const held = Object.entries(parameters as object).map(([name, value]) => [
    name,
    isBase64(value) ? (known?.get(value.text) ?? decoded(value, reservation)) : value,
  ]);
  return Object.fromEntries(held) as Parameters;
}

type Base64 = Extract<Media, { kind: 'base64' }>;

function isBase64(value: unknown): value is Base64 {
  return (value as { readonly kind?: unknown } | null)?.kind === 'base64' && 'text' in (value as object);
}

function decoded(media: Base64, reservation: MemoryReservation): Media {
  const textLength = media.text.length;
  if (textLength > maxMediaBytes) return media;
  let memory: BodyBuffer | undefined;
  const allocate = (bytes: number) => {
    memory = new BodyBuffer(bytes);
    return memory.allocate(bytes);
  };
  try {
    const bytes = decodeBase64(media.text, allocate);
    reservation.onFree(() => memory?.free());
    reservation.subtract(textLength - bytes.length);
    return { kind: 'decoded', bytes, textLength };
  } catch (error) {
    memory?.free();
    if (error instanceof FrsError) return media;
    throw error;
  }
}
