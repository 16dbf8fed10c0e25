const titles = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden' } as const;

/** An error of the IAM endpoints; `body` is what clients parse (not the FRS form). */
export class IamError extends Error {
  readonly status: keyof typeof titles;

  constructor(status: keyof typeof titles, message: string) {
    super(message);
    this.name = 'IamError';
    this.status = status;
  }

  /** `{"error": {"code": 401, "message": "...", "title": "Unauthorized"}}` */
  get body(): { error: { code: number; message: string; title: string } } {
    return { error: { code: this.status, message: this.message, title: titles[this.status] } };
  }
}
