import type { RefObject } from 'preact';
import { useText } from '../i18n/language.ts';

/** The end of a dialog's form: sends it, or closes the dialog as Escape does. */
export function DialogButtons(props: {
  dialog: RefObject<HTMLDialogElement | null>;
  label: string;
  disabled?: boolean;
}) {
  const t = useText();
  return (
    <div class="row">
      <button type="submit" disabled={props.disabled}>
        {props.label}
      </button>
      <button type="button" class="secondary" onClick={() => props.dialog.current?.close()}>
        {t('Cancel')}
      </button>
    </div>
  );
}
