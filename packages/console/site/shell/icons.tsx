import type { PageName } from './route.ts';

/** Lines in a square of 24, after each page's name. */
const lines: Readonly<Record<PageName, string>> = {
  overview: 'M4 11 12 4l8 7v9h-5v-6H9v6H4z',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M15.5 15.5 20 20',
  people: 'M9 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6M3 19a6 6 0 0 1 12 0M16 6a3 3 0 0 1 0 6M18 14a5 5 0 0 1 3 5',
  enrol: 'M9 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6M3 19a6 6 0 0 1 12 0M19 8v6M16 11h6',
  compare: 'M4 5h6v14H4zM14 5h6v14h-6z',
  detect: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M9 10v1M15 10v1M9 15a4 4 0 0 0 6 0',
  liveness: 'M3 7h12v10H3zM15 11l6-3v8l-6-3',
  usage: 'M4 20V10M10 20V4M16 20v-7M21 20H3',
  accounts: 'M8 11a4 4 0 1 0 0 8a4 4 0 0 0 0-8M11 12l8-8M16 7l3 3',
  service: 'M4 4h16v6H4zM4 14h16v6H4zM8 7v.01M8 17v.01',
};

export function Icon({ page }: { page: PageName }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={lines[page]} />
    </svg>
  );
}
