import type { Service } from '@openfrs/contract';
import type { Project } from '../ports/accounts.ts';

interface ServiceInfo {
  /** UTC, `YYYY-MM-DD HH:MM:SS`; absent if not subscribed. */
  readonly create_time?: string;
  readonly subscribe_status: boolean;
}

/** GET /v1/{project_id}/subscribe. */
export function showSubscription({ quotas, subscriptions }: Project): {
  max_face_set_number: number;
} & Record<`${Service}_service`, ServiceInfo> {
  const info = (service: Service): ServiceInfo => {
    const since = subscriptions[service];
    return since === undefined
      ? { subscribe_status: false }
      : {
          create_time: new Date(since).toISOString().slice(0, 19).replace('T', ' '),
          subscribe_status: true,
        };
  };
  return {
    max_face_set_number: quotas.faceSets,
    detect_service: info('detect'),
    live_detect_service: info('live_detect'),
    compare_service: info('compare'),
    search_service: info('search'),
  };
}
