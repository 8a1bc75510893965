import { markup } from "./markup";
import type { LabReport } from "./model";
export function renderHtml({ labName }: LabReport): string {
  return markup`<!doctype html><title>${labName}</title>`.text;
}
