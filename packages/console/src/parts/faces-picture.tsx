import { useEffect, useState } from 'preact/hooks';
import type { FoundFace } from '../data/answers.ts';
import { useText } from '../data/language.ts';

/** A photo with the faces drawn on it; `figures` are shown where the pointer or the focus is. */
export function FacesPicture(props: {
  photo: File;
  faces: readonly FoundFace[];
  figures?: (face: FoundFace) => preact.ComponentChildren;
}) {
  const t = useText();
  const url = useObjectUrl(props.photo);
  const [size, setSize] = useState<{ width: number; height: number }>();
  const [chosen, setChosen] = useState<number>();
  const face = chosen === undefined ? undefined : props.faces[chosen];
  return (
    <figure class="picture">
      <div class="layers">
        <img
          src={url}
          alt={props.photo.name}
          onLoad={({ currentTarget: image }) =>
            setSize({ width: image.naturalWidth, height: image.naturalHeight })
          }
        />
        {size && (
          <svg
            viewBox={`0 0 ${size.width} ${size.height}`}
            {...group}
            aria-label={t('Faces: {}', props.faces.length)}
          >
            {props.faces.map((one, index) => (
              <Drawn
                key={index}
                face={one}
                stroke={Math.max(size.width, size.height) / 300}
                label={t('Face {}', index + 1)}
                onChoose={(on) => setChosen(on ? index : undefined)}
              />
            ))}
          </svg>
        )}
      </div>
      <figcaption aria-live="polite">
        {face && props.figures ? props.figures(face) : t('Faces: {}', props.faces.length)}
      </figcaption>
    </figure>
  );
}

/** HTML's own elements for these, a fieldset and an image, don't exist inside of a drawing. */
const group = { role: 'group' } as const;
const shape = { role: 'img', tabIndex: 0 } as const;

function Drawn(props: { face: FoundFace; stroke: number; label: string; onChoose: (on: boolean) => void }) {
  const { top_left_x: x, top_left_y: y, width, height } = props.face.bounding_box;
  const [choose, leave] = [() => props.onChoose(true), () => props.onChoose(false)];
  const chosen = { onMouseEnter: choose, onMouseLeave: leave, onFocus: choose, onBlur: leave };
  return (
    <g {...shape} {...chosen} aria-label={`${props.label}: ${width} × ${height}`}>
      <rect class="face" x={x} y={y} width={width} height={height} stroke-width={props.stroke} />
      {Object.values(props.face.landmark ?? {})
        .flat()
        .map((point, index) => (
          <circle key={index} class="landmark" cx={point.x} cy={point.y} r={props.stroke * 0.7} />
        ))}
    </g>
  );
}

/** An address of the file for as long as it is shown. */
export function useObjectUrl(file: File): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}
