import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** A place that takes what is dropped on it; what is inside of it offers the same to the keyboard. */
export function DropZone(props: {
  onFiles?: (files: FileList) => void;
  /** For folders. */
  onItems?: (items: DataTransferItemList) => void;
  children: ComponentChildren;
  place?: RefObject<HTMLDivElement | null>;
}) {
  const own = useRef<HTMLDivElement>(null);
  const place = props.place ?? own;
  const [over, setOver] = useState(false);
  const { onFiles, onItems } = props;
  useEffect(() => {
    const zone = place.current;
    const listening = new AbortController();
    const on = (name: 'dragover' | 'dragleave' | 'drop', take: (event: DragEvent) => void) =>
      zone?.addEventListener(name, take, { signal: listening.signal });
    on('dragover', (event) => {
      event.preventDefault();
      setOver(true);
    });
    on('dragleave', () => setOver(false));
    on('drop', (event) => {
      event.preventDefault();
      setOver(false);
      if (!event.dataTransfer) return;
      onFiles?.(event.dataTransfer.files);
      onItems?.(event.dataTransfer.items);
    });
    return () => listening.abort();
  }, [onFiles, onItems]);
  return (
    <div ref={place} class={over ? 'photo-input over' : 'photo-input'}>
      {props.children}
    </div>
  );
}
