/** The one place that asks the API: typed by its OpenAPI document, for this browser's own session. */

import { Problem } from "./problem.ts";
import type { paths } from "./schema.d.ts";

type Method = "get" | "post" | "put" | "patch" | "delete";

/** The paths that know a method. */
export type PathsOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;
type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : undefined;
type Success<R> = R[keyof R & (200 | 201 | 202 | 204)];

/** What an operation answers with when all goes well. */
export type Answer<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R } ? Json<Success<R>> : never;

type Loose<T> = { [K in keyof T]: T[K] | undefined }; // what is undefined is left out of the address
type PathPart<O> = O extends { parameters: { path: infer T } } ? { path: T } : unknown;
type QueryPart<O> = O extends { parameters: { query?: infer T } } ? { query?: Loose<T> } : unknown;
type BodyPart<O> = O extends { requestBody: { content: { "application/json": infer T } } }
  ? { body: T }
  : O extends { requestBody?: { content: { "application/json": infer T } } }
    ? { body?: T }
    : unknown;

/** What an operation wants to know. */
export type Ask<P extends keyof paths, M extends Method> = PathPart<Operation<P, M>> &
  QueryPart<Operation<P, M>> &
  BodyPart<Operation<P, M>> & { signal?: AbortSignal | undefined };

interface AnyAsk {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  signal?: AbortSignal;
}

/** Ask the API. Throws Problem for every answer that is an error, TypeError when there is no answer. */
export async function ask<M extends Method, P extends PathsOf<M>>(
  method: M,
  path: P,
  what: Ask<P, M>,
): Promise<Answer<P, M>> {
  const { path: parts = {}, query = {}, body, signal } = what as AnyAsk;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "get") headers["x-csrftoken"] = cookie("csrftoken");
  const response = await fetch(address(path as string, parts, query), {
    method: method.toUpperCase(),
    headers,
    credentials: "same-origin",
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  });
  if (!response.ok) throw await Problem.of(response);
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as Answer<P, M>;
}

function address(path: string, parts: Record<string, string>, query: Record<string, unknown>): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  return search.size > 0 ? `${filled}?${search}` : filled;
}

function cookie(name: string): string {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found === undefined ? "" : decodeURIComponent(found.slice(name.length + 1));
}
