/** For what may be wider or higher than its place: the keyboard scrolls only what it can focus (WCAG 2.1.1). */
export const scrollable = { tabIndex: 0 } as const;
