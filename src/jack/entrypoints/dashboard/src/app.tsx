/** The dashboard: what staff see of Jack. */
export function App() {
  return (
    <main>
      <h1>Jack</h1>
    </main>
  );
}
