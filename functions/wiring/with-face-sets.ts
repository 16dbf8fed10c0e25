import { faceSets } from './face-sets.ts';
import { gateway } from './gateway.ts';

/** The parts of the doors that read and change face sets without looking at pictures. */
export const withFaceSets = () => ({ ...gateway(), faceSets: faceSets() });
