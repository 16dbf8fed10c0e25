import { useRef } from 'preact/hooks';
import { useText } from '../i18n/language.ts';

/** A button that asks once more, in a dialog that Escape leaves. */
export function ConfirmButton(props: { label: string; question: string; onConfirm: () => void }) {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" class="danger" onClick={() => dialog.current?.showModal()}>
        {props.label}
      </button>
      <dialog ref={dialog} aria-label={props.question}>
        <form method="dialog" onSubmit={() => undefined}>
          <p>{props.question}</p>
          <button type="submit" class="danger" onClick={props.onConfirm}>
            {props.label}
          </button>
          <button type="submit" class="secondary">
            {t('Cancel')}
          </button>
        </form>
      </dialog>
    </>
  );
}
