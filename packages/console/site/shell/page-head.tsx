import type { ComponentChildren } from 'preact';

/** The head of a page: its heading, one sentence of what it is for, and what it offers at once. */
export function PageHead(props: { title: string; lead?: ComponentChildren; children?: ComponentChildren }) {
  return (
    <div class="page-head">
      <div>
        <h1>{props.title}</h1>
        {props.lead !== undefined && <p class="hint">{props.lead}</p>}
      </div>
      {props.children !== undefined && <div class="row middle">{props.children}</div>}
    </div>
  );
}
