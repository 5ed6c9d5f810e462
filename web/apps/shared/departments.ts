// SPDX-License-Identifier: Apache-2.0
import type { Translate } from 'liangma-elements/texts';

/** The departments that a desk offers: ids, whose names are in i18n/ as `department.*`. */
export const departments = [
  'fever-clinic',
  'internal-medicine',
  'surgery',
  'paediatrics',
  'obstetrics',
  'chinese-medicine',
  'emergency',
] as const;

/** A department's name; what the hospital wrote, where it is not one of ours. */
export function departmentName(t: Translate, department: string): string {
  return (departments as readonly string[]).includes(department) ? t(`department.${department}`) : department;
}
