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
            role="group"
            aria-label={t('{} faces', props.faces.length)}
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
        {face && props.figures ? props.figures(face) : t('{} faces', props.faces.length)}
      </figcaption>
    </figure>
  );
}

function Drawn(props: { face: FoundFace; stroke: number; label: string; onChoose: (on: boolean) => void }) {
  const { top_left_x: x, top_left_y: y, width, height } = props.face.bounding_box;
  return (
    // biome wants a button here, which SVG has not: the group takes the focus and says what it is.
    <g
      role="img"
      tabIndex={0}
      aria-label={`${props.label}: ${width} × ${height}`}
      onMouseEnter={() => props.onChoose(true)}
      onMouseLeave={() => props.onChoose(false)}
      onFocus={() => props.onChoose(true)}
      onBlur={() => props.onChoose(false)}
    >
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
