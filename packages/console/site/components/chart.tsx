import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import { useText } from '../i18n/language.ts';
import 'uplot/dist/uPlot.min.css';
import { useDark } from './use-colour-scheme.ts';

export interface Curve {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** A custom property of the style sheet. */
  readonly colour: string;
  /** Which axis: the left one by default, any other name is the right one. */
  readonly scale?: string;
}

const clock = (seconds: number | null): string =>
  seconds === null
    ? ''
    : new Date(seconds * 1000).toLocaleTimeString(document.documentElement.lang, {
        // As the tables beside it write the time.
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      });

/** Curves over one horizontal axis; `time` tells whether that is seconds since 1970 or plain numbers. */
export function Chart(props: {
  label: string;
  x: readonly number[];
  curves: readonly Curve[];
  time: boolean;
  bands?: readonly { readonly from: number; readonly to: number }[];
  /** Where a cursor stands, on the horizontal axis. */
  at?: number;
  /** Is told where on the horizontal axis somebody clicks. */
  onSeek?: (x: number) => void;
  /** The end of the horizontal axis, which begins at 0; that of `x` if absent. */
  span?: number;
}) {
  const t = useText();
  const isDark = useDark();
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<UPlot>(undefined);
  const seek = useRef(props.onSeek);
  seek.current = props.onSeek;
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue('--ink').trim();
    const axis = { stroke: ink, grid: { stroke: style.getPropertyValue('--line').trim(), width: 1 } };
    const right = props.curves.find(({ scale }) => scale !== undefined)?.scale;
    const plot = new UPlot(
      {
        width: element.clientWidth || 600,
        height: 220,
        scales: {
          x: { time: props.time, ...(props.span !== undefined && { range: [0, props.span] as const }) },
        },
        axes: [
          { ...axis, ...(props.time && { values: (_, splits) => splits.map(clock) }) },
          axis,
          ...(right === undefined
            ? []
            : [{ ...axis, scale: right, side: 1 as const, grid: { show: false } }]),
        ],
        series: [
          { label: props.time ? t('Time') : t('Seconds'), ...(props.time && { value: (_, x) => clock(x) }) },
          ...props.curves.map((curve) => ({
            label: curve.label,
            stroke: style.getPropertyValue(curve.colour).trim(),
            width: 2,
            ...(curve.scale !== undefined && { scale: curve.scale }),
          })),
        ],
        hooks: {
          drawClear: [
            ({ ctx, bbox, valToPos }) => {
              ctx.fillStyle = style.getPropertyValue('--shade').trim();
              for (const { from, to } of props.bands ?? []) {
                const left = valToPos(from, 'x', true);
                ctx.fillRect(left, bbox.top, valToPos(to, 'x', true) - left, bbox.height);
              }
            },
          ],
        },
      },
      [[...props.x], ...props.curves.map((curve) => [...curve.values])],
      element,
    );
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: 220 }));
    resized.observe(element);
    plot.over.addEventListener('click', ({ offsetX }) => seek.current?.(plot.posToVal(offsetX, 'x')));
    drawn.current = plot;
    return () => {
      drawn.current = undefined;
      resized.disconnect();
      plot.destroy();
    };
  }, [props.x, props.curves, props.span, isDark]);
  const { at } = props;
  useEffect(() => {
    const plot = drawn.current;
    if (plot && at !== undefined) plot.setCursor({ left: plot.valToPos(at, 'x'), top: 0 });
  }, [at]);
  return <div ref={host} class="chart" role="img" aria-label={props.label} />;
}
