import { useEffect, useRef, useState } from 'preact/hooks';
import type { Box } from '../api/responses.ts';
import { drawFace } from '../photos/crop.ts';

/**
 * A face cut out of its photo, once it comes into view; a neutral tile where there is no photo. It is beside the name that it
 * belongs to, so a screen reader has nothing to say of it.
 */
export function Portrait({ photo, box }: { photo?: File | undefined; box?: Box | undefined }) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [seen, setSeen] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true), {
      rootMargin: '200px',
    });
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const hasPhoto = photo !== undefined && !failed;
  useEffect(() => {
    if (!seen || !photo || !canvas.current) return;
    drawFace(canvas.current, photo, box).catch(() => setFailed(true));
  }, [seen, photo, box?.top_left_x, box?.top_left_y, box?.width]);
  return (
    <div ref={place} class="portrait" aria-hidden="true" data-photo={hasPhoto ? photo.name : undefined}>
      {hasPhoto ? (
        <canvas ref={canvas} />
      ) : (
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="8" r="4.5" />
          <path d="M3 23a9 9 0 0 1 18 0z" />
        </svg>
      )}
    </div>
  );
}
