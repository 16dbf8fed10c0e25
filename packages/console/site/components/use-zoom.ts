import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

const most = 8;
const step = 1.5;
/** A press that moves less is a click on what is there. */
const dragPx = 4;

const clamped = (level: number) => Math.min(most, Math.max(1, level));

export interface Zoom {
  /** 1: the whole picture is seen. */
  readonly level: number;
  readonly canGrow: boolean;
  readonly canShrink: boolean;
  grow(): void;
  shrink(): void;
  reset(): void;
  /** For `+`, `-` and `0`; whether it was one of them. */
  onKey(key: string): boolean;
}

/**
 * Zooms what lies in a scrolling frame, by buttons, keys and the wheel with Ctrl (as two fingers on a touchpad send it), and moves it by dragging. The frame scrolls
 * by touch and by arrow keys as any does.
 * @param middle what comes to the middle, as shares of the picture's width and height; the middle stays if absent
 * @param about changes when another thing is to be seen
 */
export function useZoom(
  frame: RefObject<HTMLElement | null>,
  middle: { readonly x: number; readonly y: number } | undefined,
  about: unknown,
): Zoom {
  const [level, setLevel] = useState(1);
  const to = (next: number) => setLevel(clamped(next));
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const leaving = new AbortController();
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      setLevel((now) => clamped(now * Math.exp(-event.deltaY / 200)));
    };
    element.addEventListener('wheel', wheel, { passive: false, signal: leaving.signal });
    dragToScroll(element, leaving.signal);
    return () => leaving.abort();
  }, []);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element || level === 1) return;
    const { x, y } = middle ?? { x: 0.5, y: 0.5 };
    element.scrollTo(
      x * element.scrollWidth - element.clientWidth / 2,
      y * element.scrollHeight - element.clientHeight / 2,
    );
  }, [level, about]);
  const zoom = {
    level,
    canGrow: level < most,
    canShrink: level > 1,
    grow: () => to(level * step),
    shrink: () => to(level / step < 1.1 ? 1 : level / step),
    reset: () => to(1),
  };
  const keys: Readonly<Record<string, () => void>> = {
    '+': zoom.grow,
    '=': zoom.grow,
    '-': zoom.shrink,
    '0': zoom.reset,
  };
  return {
    ...zoom,
    onKey(key) {
      keys[key]?.();
      return key in keys;
    },
  };
}

/** With a mouse; fingers scroll by themselves. */
function dragToScroll(element: HTMLElement, signal: AbortSignal): void {
  let last: { x: number; y: number } | undefined;
  let isDragged = false;
  const on = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    listener: (event: HTMLElementEventMap[Name]) => void,
    capture = false,
  ) => element.addEventListener(name, listener, { signal, capture });
  on('pointerdown', ({ pointerType, button, clientX: x, clientY: y }) => {
    isDragged = false;
    if (pointerType === 'mouse' && button === 0) last = { x, y };
  });
  on('pointermove', ({ clientX: x, clientY: y, pointerId, buttons }) => {
    if (!last || buttons === 0) return;
    if (!isDragged && Math.hypot(x - last.x, y - last.y) < dragPx) return;
    if (!isDragged) element.setPointerCapture(pointerId);
    isDragged = true;
    element.scrollBy(last.x - x, last.y - y);
    last = { x, y };
  });
  on('pointerup', () => {
    last = undefined;
  });
  // Of a drag that ends on a face.
  on('click', (event) => isDragged && event.stopPropagation(), true);
}
