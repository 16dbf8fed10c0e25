import type { Setting } from './setting.ts';
import { type SettingName, settings } from './settings.ts';

/** A setting of a running server as its operator sees it. */
export interface ShownSetting {
  readonly name: SettingName;
  /** As it is set; of a secret only that it is (`•••`), of an address without the password in it. Absent: it isn't set. */
  readonly value?: string;
  readonly preset: string;
  readonly meaning: string;
}

/** What stands for a secret. */
const hidden = '•••';

/** The settings that servers read, in the order of the page of settings, with the values of this environment. */
export function shownSettings(environment: Readonly<Record<string, string | undefined>>): ShownSetting[] {
  return Object.entries<Setting>(settings)
    .filter(([, { reader }]) => reader === 'server' || reader === 'service')
    .map(([name, { file, preset, meaning }]) => {
      const given = environment[name] || (file ? environment[`${name}_FILE`] : undefined);
      const value = given && (file ? hidden : withoutPassword(given));
      return { name: name as SettingName, ...(value && { value }), preset, meaning };
    });
}

/** `https://user:password@host` */
const withoutPassword = (value: string) => value.replace(/(:\/\/)[^/?#]*@/g, `$1${hidden}@`);
