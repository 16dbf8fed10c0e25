import { placeTags, type Rect, tagSize } from '@openfrs/contract/place-tags';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FoundFace } from '../api/responses.ts';
import { useText } from '../i18n/language.ts';
import { useObjectUrl } from '../photos/use-object-url.ts';
import { scrollable } from './scrollable.ts';
import { useZoom } from './use-zoom.ts';

/** Sizes on the screen, in CSS pixels. */
const strokePx = 2;
const textPx = 14;
const gapPx = 4;

/**
 * A photo with the faces drawn on it, outside of which every line and tag lies. Arrow keys go from face to face.
 * @param faces undefined while they are looked for
 * @param tags what stands beside each face; its number if absent
 * @param details draws landmarks and pose too, which do lie on the face
 */
export function FacesPicture(props: {
  photo: File;
  faces: readonly FoundFace[] | undefined;
  tags?: readonly string[];
  details?: boolean;
  selected?: number | undefined;
  onSelect?: (index: number) => void;
}) {
  const t = useText();
  const url = useObjectUrl(props.photo);
  const image = useRef<HTMLImageElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ width: number; height: number }>();
  const [shown, setShown] = useState(1);
  /** Of the whole picture on the screen, before it is zoomed. */
  const [whole, setWhole] = useState<{ width: number; height: number }>();
  const faces = props.faces ?? [];
  const tags = props.tags ?? faces.map((_, index) => String(index + 1));
  /** Pixels of the picture for one of the screen. */
  const pixel = size ? size.width / shown : 1;
  const places = useMemo(() => {
    if (!size) return [];
    const sizes = tags.map((text) => tagSize(text, textPx * pixel));
    return placeTags(size, faces.map(rectOf), sizes, gapPx * pixel);
  }, [faces, size, pixel, tags.join('\n')]);
  const selected = Math.min(props.selected ?? 0, faces.length - 1);
  const face = faces[selected];
  const zoom = useZoom(frame, face && size && middleOf(rectOf(face), size), selected);
  const isZoomed = zoom.level > 1 && whole !== undefined;
  // Not of the render that observes: it is told of the zoomed picture before the next effect.
  const zoomed = useRef(false);
  zoomed.current = isZoomed;
  useEffect(() => {
    const element = image.current;
    if (!element) return;
    const read = () => {
      const { clientWidth: width, clientHeight: height } = element;
      setShown(width || 1);
      if (!zoomed.current && width > 0) setWhole({ width, height });
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const move = (event: KeyboardEvent) => {
    if (!event.ctrlKey && !event.metaKey && /^[-+=0]$/.test(event.key)) {
      zoom.onKey(event.key);
      return event.preventDefault();
    }
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: selected + 1,
      ArrowDown: selected + 1,
      ArrowLeft: selected - 1,
      ArrowUp: selected - 1,
      Home: 0,
      End: faces.length - 1,
    };
    const step = steps[event.key];
    if (step === undefined || faces.length === 0) return;
    event.preventDefault();
    const next = (step + faces.length) % faces.length;
    props.onSelect?.(next);
    drawing.current?.querySelectorAll<SVGGElement>('g[role]')[next]?.focus();
  };
  return (
    <figure class="picture">
      <div
        ref={frame}
        class={isZoomed ? 'frame zoomed' : 'frame'}
        {...(isZoomed && {
          ...scrollable,
          ...region,
          'aria-label': t('The picture, {} times', zoom.level.toFixed(1)),
          style: sizeOf(whole, 1),
        })}
      >
        <div class="layers">
          <img
            ref={image}
            src={url}
            alt={props.photo.name}
            onLoad={({ currentTarget: { naturalWidth, naturalHeight, clientWidth } }) => {
              setSize({ width: naturalWidth, height: naturalHeight });
              setShown(clientWidth || 1);
            }}
            {...(isZoomed && {
              style: sizeOf(whole, zoom.level),
            })}
          />
          {size && props.faces && (
            <svg
              ref={drawing}
              viewBox={`0 0 ${size.width} ${size.height}`}
              {...group}
              aria-label={t('Faces: {}', faces.length)}
              onKeyDown={move}
            >
              {faces.map((face, index) => (
                <Drawn
                  key={index}
                  face={face}
                  pixel={pixel}
                  tag={tags[index] ?? ''}
                  place={places[index]}
                  details={props.details === true}
                  selected={index === selected}
                  label={t('Face {}', index + 1)}
                  onSelect={() => props.onSelect?.(index)}
                />
              ))}
            </svg>
          )}
        </div>
      </div>
      {size && (
        <figcaption class="tabs">
          <ZoomButton label={t('Zoom out')} sign="−" isOffered={zoom.canShrink} onClick={zoom.shrink} />
          <button type="button" class="secondary" disabled={!zoom.canShrink} onClick={zoom.reset}>
            {`${Math.round(zoom.level * 100)} %`}
            <span class="unseen">{t('Show the whole picture')}</span>
          </button>
          <ZoomButton label={t('Zoom in')} sign="+" isOffered={zoom.canGrow} onClick={zoom.grow} />
        </figcaption>
      )}
    </figure>
  );
}

/** HTML's own elements for these, a fieldset and a button, don't exist inside of a drawing. */
const group = { role: 'group' } as const;
const region = { role: 'region' } as const;

const sizeOf = ({ width, height }: { width: number; height: number }, times: number) => ({
  width: `${width * times}px`,
  height: `${height * times}px`,
});

const middleOf = ({ x, y, width, height }: Rect, picture: { width: number; height: number }) => ({
  x: (x + width / 2) / picture.width,
  y: (y + height / 2) / picture.height,
});
const button = (pressed: boolean) => ({ role: 'button', 'aria-pressed': pressed }) as const;

const rectOf = ({ bounding_box: box }: FoundFace): Rect => ({
  x: box.top_left_x,
  y: box.top_left_y,
  width: box.width,
  height: box.height,
});

function ZoomButton(props: { label: string; sign: string; isOffered: boolean; onClick: () => void }) {
  const { label, sign, isOffered, onClick } = props;
  return (
    <button type="button" class="secondary" disabled={!isOffered} aria-label={label} onClick={onClick}>
      {sign}
    </button>
  );
}

function Drawn(props: {
  face: FoundFace;
  pixel: number;
  tag: string;
  place: Rect | undefined;
  details: boolean;
  selected: boolean;
  label: string;
  onSelect: () => void;
}) {
  const { pixel, place } = props;
  const { x, y, width, height } = rectOf(props.face);
  const stroke = strokePx * pixel;
  /** The inner edge of the line is outside of the box. */
  const around = (lines: number) => ({
    x: x - lines / 2,
    y: y - lines / 2,
    width: width + lines,
    height: height + lines,
  });
  const choosing = {
    onClick: props.onSelect,
    onFocus: props.onSelect,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter' || event.key === ' ') props.onSelect();
    },
  };
  const named = props.tag === '' || /^\d+$/.test(props.tag) ? '' : `${props.tag}, `;
  return (
    <g
      {...button(props.selected)}
      tabIndex={props.selected ? 0 : -1}
      aria-label={`${props.label}: ${named}${width} × ${height}`}
      {...choosing}
    >
      <rect class="face-under" {...around(stroke * 3)} stroke-width={stroke * 3} />
      <rect class="face" {...around(stroke * 2)} stroke-width={props.selected ? stroke * 2 : stroke} />
      {props.details && <Details face={props.face} stroke={stroke} />}
      {place && (
        <g class="tag">
          <rect {...place} rx={3 * pixel} />
          <text x={place.x + place.width / 2} y={place.y + place.height / 2} font-size={textPx * pixel}>
            {props.tag}
          </text>
        </g>
      )}
    </g>
  );
}

function Details({ face, stroke }: { face: FoundFace; stroke: number }) {
  return (
    <>
      {Object.values(face.landmark ?? {})
        .flat()
        .map((point, index) => (
          <circle key={index} class="landmark" cx={point.x} cy={point.y} r={stroke * 0.7} />
        ))}
      <Pose face={face} stroke={stroke} />
    </>
  );
}

/** Where the face looks, and its own upright, as two lines from the middle of its box. */
function Pose({ face, stroke }: { face: FoundFace; stroke: number }) {
  const { yaw_angle: yaw, pitch_angle: pitch, roll_angle: roll } = face.attributes ?? {};
  if (yaw === undefined || pitch === undefined || roll === undefined) return null;
  const { top_left_x, top_left_y, width, height } = face.bounding_box;
  const [x, y, length] = [top_left_x + width / 2, top_left_y + height / 2, height / 2];
  const [sinYaw, sinPitch, sinRoll, cosRoll] = [
    Math.sin(radians(yaw)),
    Math.sin(radians(pitch)),
    Math.sin(radians(roll)),
    Math.cos(radians(roll)),
  ];
  // Towards the person's own left is to the right of the picture, up is up; then the head's roll turns both.
  const [across, along] = [sinYaw * length, -sinPitch * length];
  const tip = { x2: x + across * cosRoll - along * sinRoll, y2: y + across * sinRoll + along * cosRoll };
  return (
    <g class="pose" stroke-width={stroke}>
      <line x1={x} y1={y} x2={x + sinRoll * length} y2={y - cosRoll * length} />
      <line class="gaze" x1={x} y1={y} {...tip} />
    </g>
  );
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;
