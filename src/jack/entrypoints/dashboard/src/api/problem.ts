/** What an RFC 9457 problem document says, or what can be said where there is none. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;

  constructor(status: number, title: string, detail = "") {
    super(detail || title);
    this.name = "Problem";
    this.status = status;
    this.title = title;
    this.detail = detail;
  }

  /** The problem that an answer of the API carries; never throws. */
  static async of(response: Response): Promise<Problem> {
    const body: unknown = await response.json().catch(() => null);
    const text = (name: string) => {
      const value = isRecord(body) ? body[name] : undefined;
      return typeof value === "string" ? value.trim() : "";
    };
    const [title, detail] = [text("title"), text("detail")];
    const known = KNOWN[response.status];
    const first = known ?? (title || `Jack answered with an error (${response.status})`);
    return new Problem(response.status, first, capital(detail === first ? "" : detail));
  }

  /** Any error as a problem; what is not one means that Jack could not be asked. */
  static from(error: Error): Problem {
    if (error instanceof Problem) return error;
    return new Problem(0, "Jack cannot be reached", "Check that it is running and that this machine is online.");
  }

  /** True when asking again later may help. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const KNOWN: Record<number, string> = {
  401: "Please sign in",
  403: "You may not do this",
  404: "This does not exist, or not any more",
  409: "This cannot be done now",
  429: "Too many tries",
  500: "Something broke inside Jack",
  502: "Jack cannot be reached",
  503: "Jack is busy or starting",
  504: "Jack did not answer in time",
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
