import { useEffect, useState } from 'preact/hooks';
import type { FoundFace } from '../api/responses.ts';
import { useText } from '../i18n/language.ts';

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
      <Pose face={props.face} stroke={props.stroke} />
      <Quality face={props.face} stroke={props.stroke} />
    </g>
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

/** The total quality, as a bar under the box: the whole width is 1. */
function Quality({ face, stroke }: { face: FoundFace; stroke: number }) {
  const score = face.attributes?.quality?.total_score;
  if (score === undefined) return null;
  const { top_left_x: x, top_left_y, width, height } = face.bounding_box;
  const bar = { x, y: top_left_y + height + stroke, height: 2 * stroke };
  return (
    <>
      <rect class="quality all" {...bar} width={width} />
      <rect class="quality" {...bar} width={width * score} />
    </>
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
