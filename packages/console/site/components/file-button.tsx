/** Attributes of an input of files, beside those that every one has. */
interface Choice {
  readonly accept?: string;
  readonly multiple?: boolean | undefined;
  readonly webkitdirectory?: boolean;
}

/** A button that opens the file dialog: the browser's own speaks the browser's language, not the page's. */
export function FileButton(props: {
  label: string;
  choice: Choice;
  secondary?: boolean;
  onFiles: (files: FileList | null) => void;
}) {
  return (
    <label class={props.secondary ? 'button file secondary' : 'button file'}>
      {props.label}
      <input
        type="file"
        class="unseen"
        {...props.choice}
        onChange={(event) => {
          props.onFiles(event.currentTarget.files);
          // The same files may be chosen again.
          event.currentTarget.value = '';
        }}
      />
    </label>
  );
}
