import { useEffect, useState } from 'preact/hooks';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Whether the page is dark just now: for what isn't coloured by the style sheet. */
export function useDark(): boolean {
  const [is, setIs] = useState(dark.matches);
  useEffect(() => {
    const changed = () => setIs(dark.matches);
    dark.addEventListener('change', changed);
    return () => dark.removeEventListener('change', changed);
  }, []);
  return is;
}
