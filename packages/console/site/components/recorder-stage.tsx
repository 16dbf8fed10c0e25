import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useText } from '../i18n/language.ts';
import type { ActionCode, Step } from '../recording/challenge.ts';
import type { Hint } from '../recording/framing.ts';
import { ovalIn } from '../recording/light.ts';
import { useActions } from './actions.ts';

/** Where a person moves to, as the mirrored picture shows it: the own left is on the left. */
const arrows: Readonly<Record<ActionCode, string>> = { 1: '←', 2: '→', 3: '↓', 4: 'O', 5: '–' };

/** The camera with the oval that the face belongs into, what is asked for, and what should be changed. */
export function RecorderStage(props: {
  video: RefObject<HTMLVideoElement | null>;
  prompt: string | undefined;
  /** Seconds until the recording begins. */
  countdown: number | undefined;
  steps: readonly Step[];
  /** The step that is asked for now. */
  current: number | undefined;
  share: number;
  hint: Hint | undefined;
}) {
  const t = useText();
  const actions = useActions();
  const hints = useHintTexts();
  const { video, prompt, countdown, steps, current, hint } = props;
  const asked = current === undefined ? undefined : steps[current];
  return (
    <div class="camera">
      <div class="stage">
        <video ref={video} class="mirrored" autoplay muted playsInline aria-label={t('Camera')} />
        <Oval video={video} isGood={hint === 'good' || asked !== undefined} />
        {countdown !== undefined && (
          <span class="countdown" aria-hidden="true">
            {countdown}
          </span>
        )}
        {asked && (
          <span class="countdown" aria-hidden="true">
            {arrows[asked.action]}
          </span>
        )}
      </div>
      <p class="prompt" aria-live="assertive">
        {prompt}
      </p>
      {steps.length > 0 && (
        <ol class="steps">
          {steps.map(({ action }, index) => (
            <li key={index} {...(index === current && { 'aria-current': 'step' as const })}>
              {actions[action].name}
            </li>
          ))}
        </ol>
      )}
      <progress max={1} value={props.share} aria-label={t('Recorded so far')} />
      <p class={`hint-now ${hint === 'good' ? 'good' : ''}`} role="status">
        {hint && hints[hint]}
      </p>
    </div>
  );
}

/** Drawn over the picture, whatever its shape: phones that are held upright have a narrow one. */
function Oval({ video, isGood }: { video: RefObject<HTMLVideoElement | null>; isGood: boolean }) {
  const [size, setSize] = useState({ width: 640, height: 480 });
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const read = () => {
      const { videoWidth: width, videoHeight: height } = element;
      if (width > 0) setSize({ width, height });
    };
    // A phone that is turned turns its picture, too.
    element.addEventListener('resize', read);
    element.addEventListener('loadedmetadata', read);
    read();
    return () => {
      element.removeEventListener('resize', read);
      element.removeEventListener('loadedmetadata', read);
    };
  }, []);
  const { x, y, radiusX, radiusY } = ovalIn(size.width, size.height);
  const ellipse = `M${x - radiusX} ${y}a${radiusX} ${radiusY} 0 1 0 ${2 * radiusX} 0a${radiusX} ${radiusY} 0 1 0 ${-2 * radiusX} 0z`;
  return (
    <svg
      class={`oval ${isGood ? 'good' : ''}`}
      viewBox={`0 0 ${size.width} ${size.height}`}
      aria-hidden="true"
    >
      <path class="around" d={`M0 0h${size.width}v${size.height}h${-size.width}z${ellipse}`} />
      <path class="edge" d={ellipse} />
    </svg>
  );
}

function useHintTexts(): Readonly<Record<Hint, string>> {
  const t = useText();
  return {
    dark: t('It is too dark: turn on a light, or go where it is bright.'),
    backlit: t('The light is behind you: turn around, so that it falls on your face.'),
    'no face': t('No face is seen: hold it into the oval.'),
    'several faces': t('Several faces are seen: only one person may be in the picture.'),
    closer: t('Come closer, until your face fills the oval.'),
    farther: t('Go back a little, so that all of your face is in the oval.'),
    middle: t('Move your face into the middle of the oval.'),
    uneven: t('One half of your face is much darker: turn towards the light.'),
    blurred: t('The picture is not sharp: wipe the lens, and hold still.'),
    good: t('Good. Hold still, and record.'),
  };
}
