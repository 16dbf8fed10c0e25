import { useEffect, useState } from 'preact/hooks';

/** In the order of the menu. */
export const pageNames = [
  'overview',
  'search',
  'people',
  'enrol',
  'compare',
  'detect',
  'liveness',
  'usage',
  'accounts',
  'service',
] as const;
export type PageName = (typeof pageNames)[number];

/** Shown in the menu of operators only. */
export const operatorPages: ReadonlySet<PageName> = new Set(['accounts', 'service']);

export interface Route {
  readonly page: PageName;
  readonly argument: string;
}

/** `#/people/employees`: the page, and what it shows. `#/sets` is what earlier versions called it. */
export function routeOf(hash: string): Route {
  const [first = '', argument = ''] = hash.replace(/^#\//, '').split('/');
  const page = first === 'sets' ? 'people' : first;
  const known = pageNames.find((name) => name === page) ?? 'overview';
  try {
    return { page: known, argument: decodeURIComponent(argument) };
  } catch {
    return { page: known, argument: '' };
  }
}

export function useRoute(): Route {
  const [current, setCurrent] = useState(() => routeOf(location.hash));
  useEffect(() => {
    // The link to the content has a hash too, which names no page.
    const moved = () => location.hash !== '#main' && setCurrent(routeOf(location.hash));
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return current;
}
