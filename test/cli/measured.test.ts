import { describeReport } from "../../cli/measured";
import { labReportOn, resultOf, socatReport } from "./report/recorded";

const { columns } = process.stdout;

afterEach(() => {
  process.stdout.columns = columns;
});

test.each([0, undefined])("a terminal of %s columns, which was never told its size, gets whole lines", (size) => {
  process.stdout.columns = size as number;
  const text = describeReport(labReportOn(resultOf(socatReport())), "/reports");
  expect(text).toMatch(/^ {2}receiver +node +joins +must +came +loss +verdict$/m);
});
