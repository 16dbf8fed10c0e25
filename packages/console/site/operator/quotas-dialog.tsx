import { useEffect, useRef } from 'preact/hooks';
import type { DomainReport } from '../api/operator.ts';
import { useText } from '../i18n/language.ts';

type Project = DomainReport['projects'][number];

/** Changes a project's quotas; what can't be is refused by the service, which says why. */
export function QuotasDialog(props: {
  project: Project;
  onSave: (quotas: Project['quotas']) => void;
  onClose: () => void;
}) {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const { quotas, name } = props.project;
  useEffect(() => dialog.current?.showModal(), []);
  const save = (event: Event) => {
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const number = (field: string) => Number(form.get(field));
    props.onSave({
      faceSets: number('faceSets'),
      faceSetCapacity: number('faceSetCapacity'),
      requestsPerMinute: number('requestsPerMinute'),
    });
  };
  return (
    <dialog ref={dialog} aria-label={t('Quotas of {}', name)} onClose={props.onClose}>
      <form method="dialog" onSubmit={save}>
        <h2>{t('Quotas of {}', name)}</h2>
        <label>
          {t('Face sets')}
          <input
            name="faceSets"
            type="number"
            required
            min={0}
            max={10_000}
            defaultValue={String(quotas.faceSets)}
          />
        </label>
        <label>
          {t('Faces of a set')}
          <input
            name="faceSetCapacity"
            type="number"
            required
            min={0}
            max={1_000_000}
            step={10_000}
            defaultValue={String(quotas.faceSetCapacity)}
          />
        </label>
        <label>
          {t('Requests a minute and operation (0: unlimited)')}
          <input
            name="requestsPerMinute"
            type="number"
            required
            min={0}
            defaultValue={String(quotas.requestsPerMinute)}
          />
        </label>
        <div class="row">
          <button type="submit">{t('Save')}</button>
          <button type="button" class="secondary" onClick={() => dialog.current?.close()}>
            {t('Cancel')}
          </button>
        </div>
      </form>
    </dialog>
  );
}
