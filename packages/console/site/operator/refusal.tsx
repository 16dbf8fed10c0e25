import { ApiError } from '../api/api.ts';
import { Failure, Notice } from '../components/notice.tsx';
import { useText } from '../i18n/language.ts';

/** Why an operator's page has nothing to show: the right is missing, or something went wrong. */
export function Refusal({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useText();
  if (error instanceof ApiError && error.code === 'FRS.0002') {
    return (
      <Notice kind="bad">
        {t('This page is for operators: npx openfrs user grant-operator makes one.')}
      </Notice>
    );
  }
  return <Failure error={error} onRetry={onRetry} />;
}
