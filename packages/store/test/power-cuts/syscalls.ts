/** A system call that changes files below a folder, or brings a change to the disk, as a trace shows it. */
export type Syscall =
  | { readonly kind: 'created'; readonly path: string; readonly truncated: boolean }
  | { readonly kind: 'written'; readonly path: string; readonly bytes: Buffer; readonly offset?: number }
  | { readonly kind: 'cut'; readonly path: string; readonly size: number }
  | { readonly kind: 'folder-made' | 'removed'; readonly path: string }
  | { readonly kind: 'renamed' | 'linked'; readonly path: string; readonly to: string }
  /** The call began: what was written until now is meant. `id` tells it apart. */
  | { readonly kind: 'sync-begun'; readonly path: string; readonly id: string }
  | { readonly kind: 'synced'; readonly id: string };

/** What to trace; `-xx` and `-s` so that every byte is there, `-y` so that descriptors have their paths. */
export const straceArguments = (file: string): string[] => [
  '-f',
  '--seccomp-bpf',
  '-y',
  '-xx',
  ...['-s', '100000000', '-o', file, '-e'],
  `trace=${[...known, ...unsupported].join(',')}`,
];

const known = [
  ...['openat', 'open', 'creat', 'write', 'writev', 'pwrite64', 'pwritev', 'ftruncate'],
  ...['fsync', 'fdatasync', 'rename', 'renameat', 'renameat2', 'link', 'linkat'],
  ...['unlink', 'unlinkat', 'rmdir', 'mkdir', 'mkdirat'],
];
/** Nobody here makes these; a trace that has one below the folder is refused. */
const unsupported = ['truncate', 'fallocate', 'copy_file_range', 'sync_file_range', 'pwritev2', 'sendfile'];

/**
 * Reads the trace of a process and its threads. A write counts from where it began, all else from where it ended well.
 * @param below only what has this path, or one below it
 * @throws Error the trace has what this doesn't know
 */
export function* syscalls(lines: Iterable<string>, below: string): Generator<Syscall> {
  const begun = new Map<string, string>();
  const wanted = hex(below);
  for (const line of lines) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/s.exec(line) ?? [];
    const resumed = /^<\.\.\. (\w+) resumed>(.*)$/s.exec(rest);
    if (resumed) {
      const start = begun.get(thread);
      begun.delete(thread);
      if (start === undefined) continue;
      yield* ended(thread, start + (resumed[2] ?? ''), true);
      continue;
    }
    if (!rest.includes(wanted)) continue;
    if (rest.endsWith(' <unfinished ...>')) {
      const start = rest.slice(0, -' <unfinished ...>'.length);
      begun.set(thread, start);
      yield* started(thread, start);
      continue;
    }
    yield* started(thread, rest);
    yield* ended(thread, rest, false);
  }
}

function* started(thread: string, call: string): Generator<Syscall> {
  const name = nameOf(call);
  if (unsupported.includes(name)) throw new Error(`the trace has ${name}`);
  const [path = ''] = pathsIn(call);
  if (name === 'fsync' || name === 'fdatasync') yield { kind: 'sync-begun', path, id: thread };
  if (!/^p?writev?(64)?$/.test(name)) return;
  const texts = [
    ...call.matchAll(name.includes('writev') ? /iov_base=("[^"]*")(\.*)/g : /, ("[^"]*")(\.*)/g),
  ];
  if (texts.length === 0 || texts.some(([, , cut]) => cut !== ''))
    throw new Error(`bytes are missing: ${name}`);
  const bytes = Buffer.concat(texts.map(([, text]) => unhex(text ?? '')));
  const offset = name.startsWith('p')
    ? Number(/, (\d+)(?:\)|$)/.exec(call.replace(/\) += .*$/s, ')'))?.[1])
    : undefined;
  yield { kind: 'written', path, bytes, ...(offset !== undefined && { offset }) };
}

function* ended(thread: string, call: string, _resumed: boolean): Generator<Syscall> {
  const name = nameOf(call);
  const [, result = ''] = /\) += (-?\d+)/.exec(call) ?? [];
  if (!/^\d+$/.test(result)) return;
  const [path = '', to = ''] = pathsIn(call);
  switch (name) {
    case 'openat':
    case 'open':
    case 'creat':
      if (!call.includes('O_CREAT') && !call.includes('O_TRUNC') && name !== 'creat') return;
      // The descriptor's path comes last: a relative name has become a full one.
      yield { kind: 'created', path: pathsIn(call).at(-1) ?? '', truncated: call.includes('O_TRUNC') };
      return;
    case 'mkdir':
    case 'mkdirat':
      yield { kind: 'folder-made', path };
      return;
    case 'unlink':
    case 'unlinkat':
    case 'rmdir':
      yield { kind: 'removed', path };
      return;
    case 'rename':
    case 'renameat':
    case 'renameat2':
      yield { kind: 'renamed', path, to };
      return;
    case 'link':
    case 'linkat':
      yield { kind: 'linked', path, to };
      return;
    case 'ftruncate':
      yield { kind: 'cut', path, size: Number(/, (\d+)/.exec(call)?.[1]) };
      return;
    case 'fsync':
    case 'fdatasync':
      yield { kind: 'synced', id: thread };
  }
}

const nameOf = (call: string): string => /^\w+/.exec(call)?.[0] ?? '';

/** Full paths, of descriptors or as arguments, in their order. */
function pathsIn(call: string): string[] {
  const head = call.replace(/(write\w*\(\d+<[^>]*>).*/s, '$1');
  return [...head.matchAll(/[<"]((?:\\x[0-9a-f]{2})+)[>"]/g)]
    .map(([, text]) => unhex(`"${text}"`).toString())
    .filter((path) => path.startsWith('/'));
}

const hex = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

const unhex = (text: string): Buffer => Buffer.from(text.replaceAll(/\\x|"/g, ''), 'hex');
