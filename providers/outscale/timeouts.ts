/** What was deleted goes on existing for minutes; the provider repeats for as long as this. */
export const slowDeletion = { delete: "15m" };
