import { lockLab } from "../../cli/lock";

test("a lab has one command at a time, two labs have two", async () => {
  const directory = `/nonexistent/labs/lock-${process.pid}`;
  const first = await lockLab(directory, "a");
  const other = await lockLab(`${directory}-other`, "b");
  await expect(lockLab(directory, "a")).rejects.toThrow('another ./lab command works on lab "a"');
  await first.release();
  const second = await lockLab(directory, "a");
  await Promise.all([second.release(), other.release()]);
});
