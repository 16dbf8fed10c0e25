import type { Attack } from './attack.ts';
import { anonymousBodies } from './attacks/anonymous-bodies.ts';
import { burst } from './attacks/burst.ts';
import { costlyPictures } from './attacks/costly-pictures.ts';
import { heldBodies } from './attacks/held-bodies.ts';
import { idleConnections } from './attacks/idle-connections.ts';
import { multipartParts } from './attacks/multipart-parts.ts';
import { firstSearch, longFilters } from './attacks/searches.ts';
import { unknownKey } from './attacks/unknown-key.ts';
import { wrongPasswords } from './attacks/wrong-passwords.ts';

/** In the order in which they are run; the first search has to come before the others of its set. */
export const attacks: readonly Attack[] = [
  firstSearch,
  longFilters,
  wrongPasswords,
  unknownKey,
  idleConnections,
  anonymousBodies,
  heldBodies,
  burst,
  costlyPictures,
  multipartParts,
];
