import { CopyButton } from '../components/copy-button.tsx';
import { Notice } from '../components/notice.tsx';
import { useText } from '../i18n/language.ts';

/** New secrets, which no later answer has: to be copied now. */
export function ShownOnce({ secrets }: { secrets: Readonly<Record<string, string>> }) {
  const t = useText();
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}`);
  return (
    <Notice kind="warn">
      <div class="stack">
        <strong>{t('This is shown once: copy it now.')}</strong>
        <dl class="figures">
          {Object.entries(secrets).flatMap(([name, value]) => [
            <dt key={name}>{name}</dt>,
            <dd key={`${name}=`}>
              <code>{value}</code>
            </dd>,
          ])}
        </dl>
        <p class="row middle">
          <CopyButton text={lines.join('\n')} />
        </p>
      </div>
    </Notice>
  );
}
