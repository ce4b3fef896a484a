/** How fast a run reads, and how many seconds it still needs; null where nobody can tell. */
export function pace(read: number, total: number | null, seconds: number): { rate: number; left: number | null } {
  const rate = seconds > 0 ? read / seconds : 0;
  const left = total !== null && rate > 0 && total > read ? (total - read) / rate : null;
  return { rate, left };
}
