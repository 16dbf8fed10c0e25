import { leastRecognizable } from '@openfrs/contract/usual-thresholds';
import { useReason } from '../components/notice.tsx';
import { useText } from '../i18n/language.ts';
import type { Finding } from './check.ts';

/** A finding in the reader's words. */
export function useFindingText(): (finding: Finding) => string {
  const t = useText();
  const reason = useReason();
  return (finding) => {
    switch (finding.kind) {
      case 'no-face':
        return t('no face');
      case 'several-faces':
        return t('several faces: the largest is taken');
      case 'poor':
        return t(
          'holds too little of a person ({} of {})',
          finding.recognizability.toFixed(2),
          leastRecognizable,
        );
      case 'fields':
        return t('no value of its field: {}', finding.values.join(', '));
      case 'same-file':
        return t('the same file as {}', finding.as);
      case 'same-name':
        return t('has the same name as {}: one person or two?', finding.as);
      case 'unlike':
        return t('unlike {} of the same person ({})', finding.as, finding.similarity.toFixed(4));
      case 'loses-name':
        return t('the name is not kept: the set has no field for the path, or the path is too long');
      case 'already-there':
        return t('enrolled already ({})', finding.faceId);
      case 'looks-like':
        return t('looks like {} of the set ({})', finding.name, finding.similarity.toFixed(4));
      case 'refused':
        return reason(finding.error);
    }
  };
}
