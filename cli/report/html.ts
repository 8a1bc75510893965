import { escapeMarkup } from "./markup";
import type { LabReport } from "./model";

/** The report as one page that needs nothing else. */
export function renderHtml({ labName }: LabReport): string {
  return `<!doctype html><title>${escapeMarkup(labName)}</title>`;
}
