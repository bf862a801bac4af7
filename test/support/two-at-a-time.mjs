/** Does this work for each of the items, two at a time, in their order: a machine for tests has two cores. */
export async function twoAtATime(items, work) {
  const waiting = [...items];
  const one = async () => {
    while (waiting.length > 0) await work(waiting.shift());
  };
  await Promise.all([one(), one()]);
}
