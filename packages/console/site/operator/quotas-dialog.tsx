import { useEffect, useRef } from 'preact/hooks';
import type { DomainReport } from '../api/operator.ts';
import { DialogButtons } from '../components/dialog-buttons.tsx';
import { useText } from '../i18n/language.ts';

type Project = DomainReport['projects'][number];
type Limits = DomainReport['quotaLimits'];

/** Changes a project's quotas; what can't be is refused by the service, which says why. */
export function QuotasDialog(props: {
  project: Project;
  limits: Limits;
  onSave: (quotas: Project['quotas']) => void;
  onClose: () => void;
}) {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const { limits } = props;
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
        <QuotaInput label={t('Face sets')} name="faceSets" {...{ quotas, limits }} />
        <QuotaInput label={t('Faces of a set')} name="faceSetCapacity" {...{ quotas, limits }} />
        <QuotaInput
          label={t('Requests a minute and operation (0: unlimited)')}
          name="requestsPerMinute"
          {...{ quotas, limits }}
        />
        <DialogButtons dialog={dialog} label={t('Save')} />
      </form>
    </dialog>
  );
}

function QuotaInput(props: {
  label: string;
  name: keyof Project['quotas'];
  quotas: Project['quotas'];
  limits: Limits;
}) {
  const { label, name, quotas } = props;
  const { most, step } = props.limits[name];
  return (
    <label>
      {label}
      <input
        name={name}
        type="number"
        required
        min={0}
        max={most}
        step={step}
        defaultValue={String(quotas[name])}
      />
    </label>
  );
}
