import { useRef, type FormEvent } from "react";

import { Problem } from "../api/problem.ts";
import { useSignIn } from "../api/session.ts";
import { Button } from "../shared/button.tsx";
import { Field } from "../shared/field.tsx";
import { Notice, ProblemNotice } from "../shared/notice.tsx";
import { useTitle } from "../shared/use-title.ts";
import { Wordmark } from "../shell/wordmark.tsx";
import css from "./sign-in.module.css";

/** The way in. `trouble` is why nobody knows who is signed in, if that is so. */
export function SignIn({ trouble }: { trouble: Error | null }) {
  useTitle("Sign in");
  const signIn = useSignIn();
  const form = useRef<HTMLFormElement>(null);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (signIn.isPending) return;
    const given = new FormData(event.currentTarget);
    signIn.mutate(
      { email: String(given.get("email")).trim(), password: String(given.get("password")) },
      { onError: () => form.current?.querySelector<HTMLInputElement>("[name=password]")?.select() },
    );
  };

  return (
    <main className={css["page"]}>
      <form ref={form} className={css["card"]} onSubmit={submit}>
        <Wordmark />
        <h1 className={css["title"]}>Sign in</h1>
        {signIn.error ? <Refused error={signIn.error} /> : trouble && <ProblemNotice error={trouble} />}
        <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <Button look="primary" type="submit" busy={signIn.isPending}>
          {signIn.isPending ? "Signing in…" : "Sign in"}
        </Button>
      </form>
    </main>
  );
}

function Refused({ error }: { error: Error }) {
  if (error instanceof Problem && error.status === 401) {
    return <Notice tone="bad">The e-mail or the password is wrong.</Notice>;
  }
  return <ProblemNotice error={error} />;
}
